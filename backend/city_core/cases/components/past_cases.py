"""The cases that components had, for whoever may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from city_core.cases.record import COLLECTION
from city_core.cases.visibility import visible_filter
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role

MOST_SHOWN = 3
_SHOWN = {"number": 1, "state": 1, "type_code": 1, "reported_at": 1, "closed_at": 1, "component_code": 1}


@dataclass(frozen=True)
class PastCases:
    """How many cases a component had, as far as somebody may see them, and the latest of them."""

    count: int = 0
    latest: Sequence[Row] = field(default_factory=list)


async def past_cases(city: City, actor: Actor, codes: Collection[str]) -> dict[str, PastCases]:
    """Count the cases of some components and show the latest; a citizen is told of none."""
    if actor.role is Role.CITIZEN or not codes:
        return {}
    about = {"component_code": {"$in": sorted(codes)}}
    found = city.database[COLLECTION].aggregate(
        [
            {"$match": {"$and": [about, visible_filter(actor)]}},
            {"$sort": {"component_code": 1, "_id": -1}},
            {"$project": {"component_code": 1}},
            {"$group": {"_id": "$component_code", "count": {"$sum": 1}, "ids": {"$push": "$_id"}}},
            {"$project": {"count": 1, "ids": {"$slice": ["$ids", MOST_SHOWN]}}},
        ],
        hint="component",
    )
    groups = [row async for row in found]
    ids = [case_id for group in groups for case_id in group["ids"]]
    shown = city.database[COLLECTION].find({"_id": {"$in": ids}}, _SHOWN)
    cases = {row["_id"]: row async for row in shown}
    return {
        group["_id"]: PastCases(group["count"], [cases[id_] for id_ in group["ids"] if id_ in cases])
        for group in groups
    }
