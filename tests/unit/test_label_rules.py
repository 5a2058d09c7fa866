"""What detection's finds propose."""

from __future__ import annotations

from city_core.catalogue.label_rules import LABEL_RULES, propose


def test_the_surest_known_find_is_proposed() -> None:
    proposal = propose([("exposed_garbage", 0.5), ("waterlogging", 0.7), ("person", 0.99)])
    assert proposal is not None
    assert (proposal.label, proposal.confidence, proposal.rule.type_code) == ("waterlogging", 0.7, "E0506")


def test_weak_and_unknown_finds_propose_nothing() -> None:
    for label, rule in LABEL_RULES.items():
        assert propose([(label, rule.least_confidence - 0.01)]) is None
        assert propose([(label, rule.least_confidence)]) is not None
    assert propose([("person", 0.99)]) is None
    assert propose([]) is None
