"""Reads of places."""

from __future__ import annotations

from collections.abc import Collection

from city_core.kit.city import City
from city_core.kit.mongo import Row


async def divisions(city: City, parent_code: str | None) -> list[Row]:
    """List what lies directly under a division; without one, the districts."""
    rows = city.database.divisions.find({"parent_code": parent_code}).sort("_id", 1)
    return await rows.to_list(None)


async def known_divisions(city: City, codes: Collection[str]) -> set[str]:
    """Tell which of these codes are streets or communities of the city."""
    if not codes:
        return set()
    query = {"_id": {"$in": sorted(codes)}, "level": {"$in": ["street", "community"]}}
    return {row["_id"] async for row in city.database.divisions.find(query, {"_id": 1})}


async def known_grids(city: City, codes: Collection[str]) -> set[str]:
    """Tell which of these codes are unit grids of the city."""
    if not codes:
        return set()
    query = {"_id": {"$in": sorted(codes)}}
    return {row["_id"] async for row in city.database.unit_grids.find(query, {"_id": 1})}
