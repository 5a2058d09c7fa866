"""Looks for an open case of a type near a place, for finds of machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.duplicates.rules import DUPLICATES
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.rulebook.store import open_rules


async def open_case_near(city: City, point: Mapping[str, Any], type_code: str) -> str | None:
    """Name the nearest open case of a type, as near to a GeoJSON point as its rule of duplicates says."""
    rule = (await open_rules(city, DUPLICATES)).rules.rule_for(type_code)
    query = {
        "place.point": {"$nearSphere": {"$geometry": dict(point), "$maxDistance": rule.radius_m}},
        "state": {"$in": sorted(OPEN_STATES)},
        "type_code": type_code,
    }
    case = await city.database.cases.find_one(query, {"_id": 1})
    return None if case is None else str(case["_id"])
