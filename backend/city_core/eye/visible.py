"""Who may see what machines saw: seats and leaders, each in their streets; nobody outdoors, no citizen."""

from __future__ import annotations

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role

WATCHERS = SEATS | {Role.LEADER}
DECIDERS = frozenset({Role.ACCEPTOR, Role.SHIFT_LEADER})


def check_watches(actor: Actor) -> None:
    """Refuse whoever does not watch the city through its machines."""
    if actor.role not in WATCHERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(WATCHERS)))


def check_decides(actor: Actor) -> None:
    """Refuse whoever may not decide on what machines saw."""
    if actor.role not in DECIDERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(DECIDERS)))


def in_own_streets(actor: Actor) -> Row:
    """Give the filter of the events and frames that somebody may see."""
    return {"place.street_code": {"$in": sorted(actor.street_codes)}}
