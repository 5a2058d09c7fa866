"""Reads about photos."""

from __future__ import annotations

from collections.abc import Collection

from city_core.kit.city import City
from city_core.kit.mongo import Row


async def states_of(city: City, media_ids: Collection[str]) -> dict[str, Row]:
    """Tell how far some photos have come (state, refusal); ids whose bytes have not arrived are left out."""
    rows = city.database.photos.find({"_id": {"$in": list(media_ids)}}, {"state": 1, "refusal": 1})
    return {row["_id"]: row async for row in rows}
