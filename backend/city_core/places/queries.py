"""Reads of places."""

from __future__ import annotations

from collections.abc import Collection

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.places.days import city_day, valid_on

_WITHOUT_BORDER = {"shape": 0, "history": 0}


async def divisions(city: City, parent_code: str | None) -> list[Row]:
    """List what lies directly under a division today, without borders; without one, the districts."""
    query = {"parent_code": parent_code, **_today(city)}
    return await city.database.divisions.find(query, _WITHOUT_BORDER).sort("_id", 1).to_list(None)


async def unit_grid(city: City, code: str) -> Row | None:
    """Find a unit grid by its code, also one whose last day is over: old cases keep theirs."""
    found: Row | None = await city.database.unit_grids.find_one({"_id": code}, {"history": 0})
    return found


async def known_divisions(city: City, codes: Collection[str]) -> set[str]:
    """Tell which of these codes are streets or communities of the city."""
    if not codes:
        return set()
    query = {"_id": {"$in": sorted(codes)}, "level": {"$in": ["street", "community"]}}
    return {row["_id"] async for row in city.database.divisions.find(query, {"_id": 1})}


async def known_grids(city: City, codes: Collection[str]) -> set[str]:
    """Tell which of these codes are unit grids of the city, today or once."""
    if not codes:
        return set()
    query = {"_id": {"$in": sorted(codes)}}
    return {row["_id"] async for row in city.database.unit_grids.find(query, {"_id": 1})}


async def divisions_near(city: City, street_codes: Collection[str]) -> list[Row]:
    """List the district, all its streets, and the communities of some streets; of all, when none is named."""
    own = {"parent_code": {"$in": sorted(street_codes)}}
    theirs = [{"$or": [{"level": {"$ne": "community"}}, own]}] if street_codes else []
    query = {"$and": [_today(city), *theirs]}
    return await city.database.divisions.find(query, _WITHOUT_BORDER).sort("_id", 1).to_list(None)


async def grids_of(city: City, grid_ids: Collection[str]) -> list[Row]:
    """List some responsibility grids, each with the unit grids that are valid today as `unit_grids`."""
    own = {"_id": {"$in": sorted(grid_ids)}}
    found = city.database.responsibility_grids.find(own, {"history": 0}).sort("_id", 1)
    rows = await found.to_list(None)
    of_grid: dict[str, list[Row]] = {row["_id"]: [] for row in rows}
    query = {"responsibility_grid_id": {"$in": sorted(grid_ids)}, **_today(city)}
    fields = {"shape": 1, "area_class": 1, "responsibility_grid_id": 1}
    async for unit in city.database.unit_grids.find(query, fields).sort("_id", 1):
        if unit["responsibility_grid_id"] in of_grid:
            of_grid[unit["responsibility_grid_id"]].append(unit)
    return [{**row, "unit_grids": of_grid[row["_id"]]} for row in rows]


def _today(city: City) -> Row:
    return valid_on(city_day(city.clock.now()))
