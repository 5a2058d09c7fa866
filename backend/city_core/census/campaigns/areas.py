"""The area of a census: streets, communities and unit grids, seen as responsibility grids."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.catalogue.queries import today
from city_core.census.rights import refuse_other_street
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

MOST_AREAS = 200
MOST_UNIT_GRIDS = 10_000
_DIVISIONS = {6: "district_code", 9: "street_code", 12: "community_code"}
_AFTER_ALL_DIGITS = ":"


async def checked_grids(city: City, actor: Actor, area_codes: Sequence[str]) -> list[Row]:
    """Find the grids of some areas, each of which has to be there; a leader's lie in their own streets."""
    codes = sorted(set(area_codes))
    if not 1 <= len(codes) <= MOST_AREAS:
        raise CityProblem("CAMPAIGN_INVALID", field="areaCodes", allowed=f"1 to {MOST_AREAS} codes")
    grids: dict[str, Row] = {}
    units = await _units(city, codes)
    for unit in units:
        refuse_other_street(actor, unit["street_code"], field="areaCodes")
        grid_id = unit["responsibility_grid_id"]
        row = grids.setdefault(
            grid_id,
            {"responsibility_grid_id": grid_id, "street_code": unit["street_code"], "unit_grid_codes": []},
        )
        row["unit_grid_codes"].append(unit["_id"])
    return [grids[grid_id] for grid_id in sorted(grids)]


async def _units(city: City, codes: Sequence[str]) -> list[Row]:
    day = today(city).isoformat()
    in_force = {"valid_from": {"$lte": day}, "valid_to": {"$not": {"$lte": day}}}
    fields = {"responsibility_grid_id": 1, "street_code": 1, "community_code": 1, "district_code": 1}
    query = {"$or": [_way(code) for code in codes], **in_force}
    found = city.database.unit_grids.find(query, fields).sort("_id", 1).limit(MOST_UNIT_GRIDS + 1)
    units: list[Row] = await found.to_list(MOST_UNIT_GRIDS + 1)
    if len(units) > MOST_UNIT_GRIDS:
        raise CityProblem("CAMPAIGN_INVALID", field="areaCodes", allowed=f"{MOST_UNIT_GRIDS:,} unit grids")
    known = {unit[field] for unit in units for field in ("_id", *_DIVISIONS.values())}
    if missing := [code for code in codes if code not in known]:
        told = f"streets, communities and unit grids; unknown: {', '.join(missing)[:200]}"
        raise CityProblem("AREA_UNKNOWN", field="areaCodes", allowed=told)
    return units


def _way(code: str) -> Row:
    """Give the way to the unit grids of an area by an index: a community's code begins with its street's."""
    if len(code) in _DIVISIONS:
        return {"community_code": {"$gte": code, "$lt": code + _AFTER_ALL_DIGITS}}
    return {"_id": code}
