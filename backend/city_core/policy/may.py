"""Who may do what with which thing: one question, and the same as a MongoDB filter; all else is refused.

Each rule is the feature's own: this is the table that brings them together, and the place where a kind, a
verb or a post that nobody thought of opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from city_core.cases.components.visibility import component_filter, sees_component
from city_core.cases.originals.rights import readings_filter
from city_core.cases.visibility import is_theirs, may_see, may_see_frame, visible_filter
from city_core.census.campaigns.queries import visible_campaigns
from city_core.eye.visible import DECIDERS, WATCHERS, in_own_streets
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.plan_rights import PLANNERS, WITHOUT_DUTY, may_plan_for
from city_core.people.roles import Actor, Role
from city_core.places.elements.rights import CHANGERS, elements_of, elements_on_file, may_change
from city_core.policy.match import matches
from city_core.policy.posts import PEOPLE
from city_core.rules.keepers import KEEPERS, READERS
from city_core.signs.rights import kept_by

NOTHING: Row = {"_id": None}  # no row has no id


class Kind(StrEnum):
    """A kind of thing that somebody may ask about."""

    CASE = "CASE"
    COMPONENT = "COMPONENT"
    PHOTO = "PHOTO"
    FRAME = "FRAME"
    ORIGINAL_READING = "ORIGINAL_READING"
    EYE_EVENT = "EYE_EVENT"
    SIGN = "SIGN"
    CAMPAIGN = "CAMPAIGN"
    GRID_ELEMENT = "GRID_ELEMENT"
    PLACE_IMPORT = "PLACE_IMPORT"
    MACHINE_SOURCE = "MACHINE_SOURCE"
    RULEBOOK = "RULEBOOK"
    PERSON = "PERSON"
    SESSION = "SESSION"
    MESSAGE = "MESSAGE"
    COMMAND = "COMMAND"
    POINT_ENTRY = "POINT_ENTRY"
    AUDIT_ENTRY = "AUDIT_ENTRY"


class Verb(StrEnum):
    """What somebody would do with it."""

    READ = "READ"
    HANDLE = "HANDLE"  # take a step of it, as far as their post goes
    DECIDE = "DECIDE"
    CHANGE = "CHANGE"
    KEEP = "KEEP"  # make, change and end
    LOOK_UP = "LOOK_UP"  # among the registries
    PLAN = "PLAN"  # shifts and absences


@dataclass(frozen=True)
class _Rule:
    """A rule in both forms; without a question of its own the filter is asked about the row."""

    filter: Callable[[Actor], Row]
    question: Callable[[Actor, Row], bool] | None = None
    posts: frozenset[str] = frozenset(PEOPLE | {Role.SYSTEM})


def _own(field: str) -> Callable[[Actor], Row]:
    return lambda actor: {field: actor.person_id}


def _all(_: Actor) -> Row:
    return {}


def _theirs(actor: Actor) -> Row:
    return visible_filter(replace(actor, emergency_areas=frozenset()))


def _frames(actor: Actor) -> Row:
    return {"origin": "MACHINE", "street_code": {"$in": sorted(actor.street_codes)}}


def _staff_of_own_streets(actor: Actor) -> Row:
    return {
        "role": {"$nin": sorted(WITHOUT_DUTY)}, "street_codes": {"$in": sorted(actor.street_codes)},
    }  # fmt: skip


def _others(actor: Actor) -> Row:
    return {"_id": {"$ne": actor.person_id}, "role": {"$nin": [Role.CITIZEN.value, Role.SYSTEM.value]}}


_KEEPER_OF_PEOPLE = frozenset({Role.SECURITY_ADMINISTRATOR})
_RULES: Mapping[tuple[str, str], _Rule] = {
    (Kind.CASE, Verb.READ): _Rule(visible_filter, may_see),
    (Kind.CASE, Verb.HANDLE): _Rule(_theirs, is_theirs),
    (Kind.COMPONENT, Verb.READ): _Rule(component_filter, sees_component),
    (Kind.PHOTO, Verb.KEEP): _Rule(_own("owner_id"), posts=PEOPLE),
    (Kind.FRAME, Verb.READ): _Rule(_frames, may_see_frame, posts=WATCHERS),
    (Kind.ORIGINAL_READING, Verb.READ): _Rule(readings_filter),
    (Kind.EYE_EVENT, Verb.READ): _Rule(in_own_streets, posts=WATCHERS),
    (Kind.EYE_EVENT, Verb.DECIDE): _Rule(in_own_streets, posts=DECIDERS),
    (Kind.SIGN, Verb.KEEP): _Rule(kept_by),
    (Kind.CAMPAIGN, Verb.READ): _Rule(visible_campaigns),
    (Kind.GRID_ELEMENT, Verb.READ): _Rule(elements_of),
    (Kind.GRID_ELEMENT, Verb.LOOK_UP): _Rule(elements_on_file),
    (Kind.GRID_ELEMENT, Verb.CHANGE): _Rule(elements_of, may_change, posts=CHANGERS),
    (Kind.PLACE_IMPORT, Verb.KEEP): _Rule(_all, posts=KEEPERS),
    (Kind.MACHINE_SOURCE, Verb.KEEP): _Rule(_all, posts=_KEEPER_OF_PEOPLE),
    (Kind.RULEBOOK, Verb.READ): _Rule(_all, posts=READERS),
    (Kind.RULEBOOK, Verb.KEEP): _Rule(_all, posts=KEEPERS),
    (Kind.PERSON, Verb.KEEP): _Rule(_others, posts=_KEEPER_OF_PEOPLE),
    (Kind.PERSON, Verb.PLAN): _Rule(_staff_of_own_streets, may_plan_for, posts=PLANNERS),
    (Kind.SESSION, Verb.READ): _Rule(_own("person_id"), posts=PEOPLE),
    (Kind.MESSAGE, Verb.READ): _Rule(_own("person_id"), posts=PEOPLE),
    (Kind.COMMAND, Verb.READ): _Rule(_own("person_id"), posts=PEOPLE),
    (Kind.POINT_ENTRY, Verb.READ): _Rule(_own("person_id"), posts=PEOPLE),
    (Kind.AUDIT_ENTRY, Verb.READ): _Rule(_all, posts=frozenset({Role.AUDITOR})),
}


def may(actor: Actor | None, verb: str, kind: str, row: Mapping[str, Any]) -> bool:
    """Tell whether somebody may do this with this very row, as it is stored; nobody (`None`) may nothing.

    A machine's key and a person who is disabled are nobody here: neither is ever an actor.
    """
    rule = _rule_for(actor, verb, kind)
    if rule is None or actor is None:
        return False
    if rule.question is not None:
        return rule.question(actor, dict(row))
    return matches(_filter(rule, actor), row)


def may_filter(actor: Actor | None, verb: str, kind: str) -> Row:
    """Give the filter of the rows with which somebody may do this; agrees with `may` (under test)."""
    rule = _rule_for(actor, verb, kind)
    return NOTHING if rule is None or actor is None else _filter(rule, actor)


def known_rules() -> list[tuple[str, str]]:
    """List the kinds and verbs that have a rule."""
    return list(_RULES)


def _rule_for(actor: Actor | None, verb: str, kind: str) -> _Rule | None:
    rule = _RULES.get((kind, verb))
    if rule is None or actor is None or actor.role not in rule.posts:
        return None
    return rule


def _filter(rule: _Rule, actor: Actor) -> Row:
    try:
        return rule.filter(actor)
    except CityProblem:  # a post that the feature refuses by name sees nothing of it
        return NOTHING
