"""Reads of emergencies: lists for whom they concern, how far the switching is, and what one would change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from city_core.cases.emergency.concerned import concerned_filter, readable_filter
from city_core.cases.emergency.desired import normal_limit
from city_core.cases.emergency.in_force import with_profile
from city_core.cases.emergency.model import COLLECTION, EmergencyState
from city_core.cases.emergency.pending import cases_of_area, cases_to_switch
from city_core.cases.visibility import visible_filter
from city_core.catalogue.limits import Limit
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.people.roles import Actor

MOST_SHOWN = 50
_COUNT_LIMIT_MS = 3_000


@dataclass(frozen=True)
class Progress:
    """How far an emergency is: cases that have its clock, and cases that are still to be switched."""

    switched: int
    to_switch: int


@dataclass(frozen=True)
class CaseBefore:
    """A case that an emergency would switch, with the limit that it has and the one that it would get."""

    case_id: str
    number: str
    type_code: str
    state: str
    normal: Limit
    emergency: Limit


@dataclass(frozen=True)
class Preview:
    """What an emergency would change: how many cases, the first of them, and how many people are told.

    Beside numbers it shows cases that its reader may see anyway: an area may be wider than their streets.
    """

    case_count: int
    cases: list[CaseBefore]
    told: dict[str, int]


async def page_of_emergencies(
    city: City, actor: Actor, *, state: str | None, first: int, after: str | None = None
) -> Page:
    """List the emergencies that concern somebody, the newest first."""
    size = checked_size(first)
    clauses = [readable_filter(actor, city.clock.now(), state)]
    if after is not None:
        clauses.append({"_id": {"$lt": keys_of(after, 1)[0]}})
    cursor = city.database[COLLECTION].find({"$and": clauses}, {"work": 0}).sort("_id", -1)
    return page_of(await cursor.limit(size + 1).to_list(size + 1), size, "_id")


async def find_emergency(city: City, actor: Actor, emergency_id: str) -> Row | None:
    """Find an emergency that concerns somebody; any other looks as if it was not there."""
    query = {"$and": [{"_id": emergency_id}, readable_filter(actor, city.clock.now())]}
    row: Row | None = await city.database[COLLECTION].find_one(query, {"work": 0})
    return row


async def progress_of(city: City, emergency: Row) -> Progress:
    """Count the cases that an emergency has switched and those that wait for it; a drill switches none."""
    if emergency["is_drill"]:
        return Progress(0, 0)
    cases = city.database.cases
    own = {"emergency_id": emergency["_id"]}
    to_switch = 0
    if emergency["state"] != EmergencyState.PLANNED:
        query = await cases_to_switch(city, emergency)
        to_switch = await cases.count_documents(query, maxTimeMS=_COUNT_LIMIT_MS)
    return Progress(await cases.count_documents(own, maxTimeMS=_COUNT_LIMIT_MS), to_switch)


async def preview_of(city: City, actor: Actor, emergency: Row) -> Preview:
    """Tell somebody what an emergency, be it stored or only thought of, would change at this moment."""
    query = await cases_of_area(city, emergency)
    fields = {"number": 1, "type_code": 1, "state": 1, "history.action": 1, "history.facts": 1}
    seen: Row = {"$and": [query, visible_filter(actor)]}
    rows = city.database.cases.find(seen, fields).sort("_id", 1).limit(MOST_SHOWN)
    profile = (await with_profile(city, emergency)).profile
    shown = []
    async for case in rows:
        normal = normal_limit(case["history"])
        limit = normal and profile.limit_for(case["type_code"], normal)
        if normal and limit:
            about = (case["_id"], case["number"], case["type_code"], case["state"])
            shown.append(CaseBefore(*about, normal, limit))
    count = await city.database.cases.count_documents(query, maxTimeMS=_COUNT_LIMIT_MS)
    return Preview(count, shown, await _told(city, emergency))


async def _told(city: City, emergency: Mapping[str, Any]) -> dict[str, int]:
    stages = [{"$match": concerned_filter(emergency)}, {"$group": {"_id": "$role", "count": {"$sum": 1}}}]
    return {row["_id"]: row["count"] async for row in city.database.people.aggregate(stages)}


async def emergency_names(city: City, emergency_ids: Collection[str]) -> dict[str, str]:
    """Tell the names of some emergencies, by id."""
    rows = city.database[COLLECTION].find({"_id": {"$in": list(emergency_ids)}}, {"name": 1})
    return {row["_id"]: row["name"] async for row in rows}
