"""Photos that an earlier veiler made the public copy of are veiled again by a better one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import WorkItem, wakes_for
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION

BATCH = 200


async def count_veiled_otherwise(city: City, version: str) -> int:
    """Count the ready photos whose public copy was not made by this version, and nobody was asked to."""
    return int(await city.database[COLLECTION].count_documents(_otherwise(version)))


async def ask_to_veil_again(city: City, version: str, at_most: int) -> AsyncIterator[int]:
    """Ask for the public copies of photos that another version veiled, in batches; tells how many so far.

    The copies that are there stay until the new ones take their place. May be run again at any time.
    """
    asked = 0
    while asked < at_most:
        wanted = min(BATCH, at_most - asked)
        rows = await city.database[COLLECTION].find(_otherwise(version), {"_id": 1}).to_list(wanted)
        if not rows:
            return
        for row in rows:
            asked += await _ask(city, row["_id"], version)
        yield asked


async def _ask(city: City, photo_id: str, version: str) -> bool:
    item = WorkItem("veil", "veil", city.clock.now())
    query = {"_id": photo_id, **_otherwise(version)}
    result = await city.database[COLLECTION].update_one(query, {"$push": {"work": item.row()}})
    if result.modified_count:
        for wake in wakes_for(COLLECTION, photo_id, [item]):
            city.waker.wake(wake)
    return bool(result.modified_count)


def _otherwise(version: str) -> Row:
    query: dict[str, Any] = {"veil.veiler_version": {"$ne": version}, "work.kind": {"$ne": "veil"}}
    return {"state": PhotoState.READY, **query}
