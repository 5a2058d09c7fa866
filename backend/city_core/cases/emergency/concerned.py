"""Whom an emergency concerns: the posts of its streets; a drill concerns leaders and seats alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.cases.emergency.model import EmergencyState
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


def readable_filter(actor: Actor, now: datetime, state: str | None = None) -> Row:
    """Give the filter of the emergencies that somebody may read at an instant: those of their streets.

    Outdoors only what is on counts, and a drill does not.
    """
    if actor.role not in _AT_THEIR_DESKS | _OUTDOORS:
        return {"_id": None}
    query: Row = {"touched_street_codes": {"$in": sorted(actor.street_codes)}}
    if state is not None:
        query["state"] = state
    if actor.role in _OUTDOORS:
        on = {"state": EmergencyState.ON.value, "starts_at": {"$lte": now}, "ends_at": {"$gt": now}}
        query = {"$and": [query, {"is_drill": False}, on]}
    return query
