"""Figures of a module 专项: what became of its cases in a time, as far as somebody may see them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.cases.visibility import visible_filter
from city_core.cases.workflow import OPEN_STATES, State
from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role

_LONGEST = timedelta(days=366)
_MOST_MS = 3_000
_READERS = SEATS | {Role.LEADER}
_OVERDUE: Row = {
    "$and": [
        {"$gt": ["$deadline_at", None]},
        {"$gt": [{"$ifNull": ["$handled_at", "$$NOW"]}, "$deadline_at"]},
    ]
}


async def module_figures(city: City, actor: Actor, name: str, since: datetime, until: datetime) -> Row:
    """Count a module's cases reported in a time: filed, open, closed, overdue, and their weighted sum.

    One case counts once, however many reports it has; merged cases and those that an upheld appeal exempts do
    not count. A type's weight is that of the module's row in the catalogue in force.
    """
    if actor.role not in _READERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(_READERS)))
    if not since < until <= since + _LONGEST:
        raise CityProblem("PERIOD_INVALID", field="until", allowed="after `since`, at most 366 days")
    catalogue = (await catalogue_of(city)).rules
    if name not in catalogue.modules:
        raise CityProblem("RULES_UNKNOWN", field="module", allowed=", ".join(catalogue.modules))
    weights = {row["type_code"]: row["weight"] for row in catalogue.module_types(name)}
    by_type = await _count_by_type(city, actor, list(weights), since, until)
    counts = ("reported", "filed", "open", "closed", "overdue")
    totals: Row = {count: sum(row[count] for row in by_type) for count in counts}
    return {**totals, "weighted": sum(row["filed"] * weights[row["_id"]] for row in by_type)}


async def _count_by_type(
    city: City, actor: Actor, type_codes: list[str], since: datetime, until: datetime
) -> list[Row]:
    asked: Row = {
        "type_code": {"$in": type_codes},
        "reported_at": {"$gte": since, "$lt": until},
        "state": {"$ne": State.MERGED.value},
        "is_exempt_from_figures": False,
    }
    is_filed: Row = {"$gt": ["$filed_at", None]}
    pipeline: list[Row] = [
        {"$match": {"$and": [asked, visible_filter(actor)]}},
        {"$group": {
            "_id": "$type_code",
            "reported": {"$sum": 1},
            "filed": _sum_if(is_filed),
            "open": _sum_if({"$in": ["$state", sorted(OPEN_STATES)]}),
            "closed": _sum_if({"$eq": ["$state", State.CLOSED.value]}),
            "overdue": _sum_if(_OVERDUE),
        }},
    ]  # fmt: skip
    return await city.database.cases.aggregate(pipeline, maxTimeMS=_MOST_MS).to_list(None)


def _sum_if(condition: Any) -> Row:
    return {"$sum": {"$cond": [condition, 1, 0]}}
