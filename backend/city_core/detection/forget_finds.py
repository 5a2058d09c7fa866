"""Finds go with the last photo of their bytes: most frames of machines are forgotten within days."""

from __future__ import annotations

import contextlib

from city_core.detection.look import FINDS, KEPT_FOR
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.media.store import COLLECTION as PHOTOS

_BATCH = 500
_MOST_BATCHES = 40


async def forget_finds(city: City) -> int:
    """Forget what models saw in photos that are gone; answers how many finds were forgotten."""
    forgotten = 0
    for _ in range(_MOST_BATCHES):
        due = {"look_for_photo_at": {"$lte": city.clock.now()}}
        rows = await city.database[FINDS].find(due).sort("look_for_photo_at", 1).to_list(_BATCH)
        kept = await _still_kept(city, rows)
        later = {"$set": {"look_for_photo_at": city.clock.now() + KEPT_FOR}}
        held = [row["_id"] for row in rows if row["sha256"] in kept]
        await city.database[FINDS].update_many({"_id": {"$in": held}}, later)
        forgotten += await _forget(city, [row for row in rows if row["sha256"] not in kept])
        if len(rows) < _BATCH:
            break
    return forgotten


async def _still_kept(city: City, rows: list[Row]) -> set[str]:
    photos = city.database[PHOTOS].find({"sha256": {"$in": [row["sha256"] for row in rows]}}, {"sha256": 1})
    return {photo["sha256"] async for photo in photos}


async def _forget(city: City, rows: list[Row]) -> int:
    """Take finds away, and put back those of bytes that came in again in this very moment."""
    gone = await city.database[FINDS].delete_many({"_id": {"$in": [row["_id"] for row in rows]}})
    kept = await _still_kept(city, rows)
    came = [row for row in rows if row["sha256"] in kept]
    for row in came:
        with contextlib.suppress(DuplicateKeyError):
            await city.database[FINDS].insert_one(row)
    return max(0, int(gone.deleted_count) - len(came))
