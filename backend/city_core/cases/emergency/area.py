"""The area of an emergency: divisions of any level, seen as streets and communities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

MOST_AREAS = 200


@dataclass(frozen=True)
class Area:
    """Whole streets, single communities of others, and all streets that either of them touches."""

    area_codes: list[str]
    street_codes: list[str]
    community_codes: list[str]
    touched_street_codes: list[str]

    def row(self) -> Row:
        return asdict(self)


async def checked_area(city: City, actor: Actor, codes: Sequence[str]) -> Area:
    """Accept districts, streets and communities that a leader answers for."""
    wanted = sorted(set(codes))
    if not 1 <= len(wanted) <= MOST_AREAS:
        raise CityProblem("AREA_UNKNOWN", field="areaCodes", allowed=f"1 to {MOST_AREAS} division codes")
    found = {row["_id"]: row async for row in city.database.divisions.find({"_id": {"$in": wanted}})}
    missing = [code for code in wanted if code not in found]
    if missing:
        allowed = f"codes of divisions; unknown: {', '.join(missing)[:200]}"
        raise CityProblem("AREA_UNKNOWN", field="areaCodes", allowed=allowed)
    area = await _resolved(city, wanted, list(found.values()))
    if not set(area.touched_street_codes) <= actor.street_codes:
        allowed = f"streets that you answer for: {', '.join(sorted(actor.street_codes))[:200]}"
        raise CityProblem("NOT_ALLOWED", field="areaCodes", allowed=allowed)
    return area


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two areas have a place in common."""
    return (
        not set(one["street_codes"]).isdisjoint(other["touched_street_codes"])
        or not set(other["street_codes"]).isdisjoint(one["touched_street_codes"])
        or not set(one["community_codes"]).isdisjoint(other["community_codes"])
    )


async def _resolved(city: City, codes: list[str], rows: Sequence[Row]) -> Area:
    districts = [row["_id"] for row in rows if row["level"] == "district"]
    below = city.database.divisions.find({"parent_code": {"$in": districts}}, {"_id": 1})
    streets = {row["_id"] async for row in below} if districts else set()
    streets |= {row["_id"] for row in rows if row["level"] == "street"}
    communities = {
        row["_id"]: row["parent_code"]
        for row in rows
        if row["level"] == "community" and row["parent_code"] not in streets
    }
    touched = streets | set(communities.values())
    return Area(codes, sorted(streets), sorted(communities), sorted(touched))
