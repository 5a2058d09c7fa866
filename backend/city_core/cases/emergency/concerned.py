"""Whom an emergency concerns: the posts of its streets; a drill concerns leaders and seats alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.kit.mongo import Row
from city_core.people.roles import SEATS, Actor, Role

_AT_THEIR_DESKS = SEATS | {Role.LEADER}
_OUTDOORS = frozenset({Role.INSPECTOR, Role.OFFICER})


def concerned_filter(emergency: Mapping[str, Any]) -> Row:
    """Give the filter of the people who are told: off shift, inspectors and officers are left in peace."""
    near: Row = {"street_codes": {"$in": emergency["touched_street_codes"]}, "disabled": False}
    desks = {"role": {"$in": sorted(_AT_THEIR_DESKS)}, **near}
    if emergency["is_drill"]:
        return desks
    return {"$or": [desks, {"role": {"$in": sorted(_OUTDOORS)}, "on_duty": True, **near}]}


def concerns_filter(actor: Actor, *, state: str | None, on_only: Row) -> Row:
    """Give the filter of the emergencies that somebody may read: those of their streets.

    Outdoors only what is on counts, and a drill does not.
    """
    if actor.role not in _AT_THEIR_DESKS | _OUTDOORS:
        return {"_id": None}
    query: Row = {"touched_street_codes": {"$in": sorted(actor.street_codes)}}
    if state is not None:
        query["state"] = state
    if actor.role in _OUTDOORS:
        query = {"$and": [query, {"is_drill": False}, on_only]}
    return query
