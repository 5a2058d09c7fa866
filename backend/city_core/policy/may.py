"""Who may do what with which thing: one question, and the same as a MongoDB filter; all else is refused.

`table.RULES` says for each kind and verb which rule that is. A kind, a verb or a post that nobody thought of
opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.policy.kinds import Kind, Verb
from city_core.policy.match import matches
from city_core.policy.table import RULES, Rule

__all__ = ["NOTHING", "Kind", "Verb", "known_rules", "may", "may_filter"]

NOTHING: Row = {"_id": None}  # no row has no id


def may(
    actor: Actor | None,
    verb: str,
    kind: str,
    row: Mapping[str, Any],
    *,
    now: datetime | None = None,
    **facts: Any,
) -> bool:
    """Tell whether somebody may do this with this very row, as it is stored; nobody (`None`) may nothing.

    A machine's key and a person who is disabled are nobody here: neither is ever an actor. `facts` are what
    the question of a rule asks beside the row. A rule that depends on the time opens nothing without `now`.
    """
    rule = _rule_for(actor, verb, kind)
    if rule is None or actor is None:
        return False
    if rule.question is not None:
        return rule.question(actor, row, **facts)
    return matches(_filter(rule, actor, now), row)


def may_filter(actor: Actor | None, verb: str, kind: str, *, now: datetime | None = None) -> Row:
    """Give the filter of the rows with which somebody may do this; agrees with `may` (under test)."""
    rule = _rule_for(actor, verb, kind)
    return NOTHING if rule is None or actor is None else _filter(rule, actor, now)


def known_rules() -> list[tuple[str, str]]:
    """List the kinds and verbs that have a rule."""
    return list(RULES)


def _rule_for(actor: Actor | None, verb: str, kind: str) -> Rule | None:
    rule = RULES.get((kind, verb))
    if rule is None or actor is None or actor.role not in rule.posts:
        return None
    return rule


def _filter(rule: Rule, actor: Actor, now: datetime | None) -> Row:
    try:
        if rule.filter_at is not None:
            return NOTHING if now is None else rule.filter_at(actor, now)
        return {} if rule.filter is None else rule.filter(actor)
    except CityProblem:  # a post that the feature refuses by name sees nothing of it
        return NOTHING
