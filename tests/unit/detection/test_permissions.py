"""What classes propose and may do: never by themselves below the measured precision."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from city_core.detection.classes import DETECTION_BOOK, ClassRule, Permission
from city_core.detection.permissions import Held, Measured, allowed_now, sees_it_reliably

RULES = DETECTION_BOOK.compile(DETECTION_BOOK.first_content)
LITTER = RULES.by_label["litter"]
shares = st.floats(0, 1)
rules = st.builds(
    replace,
    st.just(LITTER),
    may=st.sampled_from(Permission),
    is_on=st.booleans(),
    least_precision=st.integers(1, 100).map(lambda percent: percent / 100),
    least_samples=st.integers(1, 500),
)
figures = st.none() | st.builds(
    Measured,
    st.none() | shares,
    st.none() | shares,
    st.integers(0, 1000),
    st.sampled_from(["REAL", "RENDERED"]),
)


@given(rule=rules, measured=figures)
def test_nothing_is_done_by_itself_below_the_measured_precision(
    rule: ClassRule, measured: Measured | None
) -> None:
    allowed = allowed_now(rule, measured)
    acts = allowed.includes(Permission.FILE) or allowed.includes(Permission.CLOSE)
    if acts:
        assert measured is not None and measured.on == "REAL" and measured.precision is not None
        assert measured.precision >= rule.least_precision
        assert measured.samples >= rule.least_samples
        assert rule.is_on and allowed.may == rule.may
    else:
        assert allowed.held is not None
        assert allowed.may in (None, Permission.SUGGEST)


@given(measured=figures)
def test_a_class_that_is_off_may_not_even_suggest(measured: Measured | None) -> None:
    off = allowed_now(replace(LITTER, is_on=False, may=Permission.CLOSE), measured)
    assert (off.may, off.held) == (None, Held.SWITCHED_OFF)
    assert not off.includes(Permission.SUGGEST)


def test_what_holds_a_class_back_is_named() -> None:
    rule = replace(LITTER, may=Permission.FILE, least_precision=0.9, least_samples=100)
    good = Measured(0.95, 0.5, 100, "REAL")
    assert allowed_now(rule, good).held is None
    for measured, held in (
        (None, Held.NOT_MEASURED),
        (replace(good, on="RENDERED"), Held.NOT_MEASURED),
        (replace(good, samples=99), Held.TOO_FEW_SAMPLES),
        (replace(good, precision=0.89), Held.TOO_IMPRECISE),
    ):
        assert allowed_now(rule, measured).held is held
    assert not sees_it_reliably(rule, good)
    assert sees_it_reliably(rule, replace(good, recall=0.95, samples=200))


def test_the_surest_known_find_is_proposed() -> None:
    seen = [("exposed_garbage", 0.5, "m"), ("waterlogging", 0.7, "m"), ("person", 0.99, "m")]
    proposal = RULES.propose(seen)
    assert proposal is not None
    assert (proposal.label, proposal.confidence, proposal.rule.type_code) == ("waterlogging", 0.7, "E0506")


def test_weak_and_unknown_finds_propose_nothing() -> None:
    for label, rule in RULES.by_label.items():
        assert RULES.propose([(label, rule.least_confidence - 0.01, "m")]) is None
        assert RULES.propose([(label, rule.least_confidence, "m")]) is not None
    assert RULES.propose([("person", 0.99, "m")]) is None
    assert RULES.propose([]) is None
