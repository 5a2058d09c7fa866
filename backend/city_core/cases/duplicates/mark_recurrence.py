"""A filed case is found to be something that came back (复发): it is linked to the case closed before."""

from __future__ import annotations

from datetime import timedelta

from city_core.cases.duplicates.rules import DUPLICATES
from city_core.cases.record import Change, Step
from city_core.cases.together import change_together
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.geo import EARTH_RADIUS_M
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM

_CLOSED_CASE = {"_id": 1}


async def mark_recurrence(city: City, case_id: str, held: Claim) -> Row | None:
    """Link a filed case to the one of its type that was last closed here shortly before; None without one.

    The recurrence counts against the earlier closing.
    """
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or case["recurrence_of"] is not None or case["state"] == State.MERGED:
        return None
    earlier = await earlier_closing(city, case)
    if earlier is None:
        return None

    async def link_back(_: Row) -> Step:
        return Step({"recurrence_of": earlier["_id"]}, facts={"recurrence_of": earlier["_id"]})

    async def count_against(closed: Row) -> Step:
        recurred = list(dict.fromkeys([*closed["recurrence_ids"], case_id]))
        return Step({"recurrence_ids": recurred}, facts={"recurred_as": case_id})

    changes = [
        Change(case_id, Action.MARK_RECURRENCE, link_back),
        Change(earlier["_id"], Action.MARK_RECURRENCE, count_against),
    ]
    return (await change_together(city, SYSTEM, changes, finishes=held))[0]


async def earlier_closing(city: City, case: Row) -> Row | None:
    """Find the case of the same type that was closed nearby, the latest before this one was reported."""
    if case["type_code"] is None:
        return None
    opened = await open_rules(city, DUPLICATES, case["rules"].get(DUPLICATES.name, 0))
    rule = opened.rules.rule_for(case["type_code"])
    since = case["reported_at"] - timedelta(days=rule.recurrence_days)
    point = case["place"]["point"]["coordinates"]
    around = {"$centerSphere": [point, rule.recurrence_radius_m / EARTH_RADIUS_M]}
    query: Row = {
        "state": State.CLOSED.value,
        "type_code": case["type_code"],
        "place.point": {"$geoWithin": around},
        "closed_at": {"$gte": since, "$lte": case["reported_at"]},
        "_id": {"$ne": case["_id"]},
    }
    found: Row | None = await city.database.cases.find_one(query, _CLOSED_CASE, sort=[("closed_at", -1)])
    return found
