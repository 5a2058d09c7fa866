"""Photos that have no copy for citizens yet are handed to whoever makes those."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import literal
from city_core.kit.work import WorkItem, wakes_for
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION

_BATCH = 300  # a turn, so that photos of today do not wait behind those of years
_UNVEILED = {"state": PhotoState.READY.value, "public_file": None, "work.kind": {"$ne": "veil"}}


async def ask_for_veils(city: City) -> int:
    """Ask for the copies for citizens that are missing, newest photos first; answers how many it asked for.

    Photos from before there were such copies have none. One that waits already, or that was given up, is not
    asked for again.
    """
    item = WorkItem("veil", "veil", city.clock.now())
    newest = city.database[COLLECTION].find(_UNVEILED, {"_id": 1}).sort("received_at", -1)
    asked = 0
    for photo in await newest.limit(_BATCH).to_list(_BATCH):
        added = {"$concatArrays": [{"$ifNull": ["$work", []]}, [literal(item.row())]]}
        done = await city.database[COLLECTION].update_one(
            {"_id": photo["_id"], **_UNVEILED}, [{"$set": {"work": added}}]
        )
        asked += done.modified_count
        for wake in wakes_for(COLLECTION, photo["_id"], [item] if done.modified_count else []):
            city.waker.wake(wake)
    return asked
