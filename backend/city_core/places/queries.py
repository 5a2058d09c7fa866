"""Reads of places."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row


async def divisions(city: City, parent_code: str | None) -> list[Row]:
    """List what lies directly under a division; without one, the districts."""
    rows = city.database.divisions.find({"parent_code": parent_code}).sort("_id", 1)
    return await rows.to_list(None)
