"""Photos that have no copy for citizens yet are handed to whoever makes those."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import literal
from city_core.kit.work import WorkItem, wakes_for
from city_core.media.model import PhotoOrigin, PhotoState
from city_core.media.store import COLLECTION

_BATCH = 300  # a turn, so that photos of today do not wait behind those of years
_UNVEILED = {"state": PhotoState.READY.value, "public_file": None, "work.kind": {"$ne": "veil"}}
_OF_PHONES = {"origin": {"$in": [None, PhotoOrigin.PHONE.value]}}  # photos of the first versions have none


async def ask_for_veils(city: City) -> int:
    """Ask for the copies for citizens that are missing, newest photos first; answers how many it asked for.

    Photos from before there were such copies have none. One that waits already, or that was given up, is not
    asked for again. A frame of a machine is asked for when a case takes it in.
    """
    missing = city.database[COLLECTION].find({**_UNVEILED, **_OF_PHONES}, {"_id": 1}).hint("unveiled")
    newest = await missing.sort("received_at", -1).limit(_BATCH).to_list(_BATCH)
    return sum([await ask_for_veil(city, row["_id"]) for row in newest])


async def ask_for_veil(city: City, photo_id: str) -> bool:
    """Ask for the copy for citizens of one photo that is ready; False where it is there or asked for."""
    item = WorkItem("veil", "veil", city.clock.now())
    added = {"$concatArrays": [{"$ifNull": ["$work", []]}, [literal(item.row())]]}
    done = await city.database[COLLECTION].update_one(
        {"_id": photo_id, **_UNVEILED}, [{"$set": {"work": added}}]
    )
    for wake in wakes_for(COLLECTION, photo_id, [item] if done.modified_count else []):
        city.waker.wake(wake)
    return bool(done.modified_count)
