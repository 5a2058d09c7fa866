"""Refused photos that a case turns out to hold: their owner is asked for others."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.work import WorkItem, wakes_for
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION

REFUSED_WORK = "photo_refused"


async def ask_for_others(city: City, case_id: str, photo_ids: Sequence[str]) -> None:
    """Have the owner of refused photos told for the sake of a case, where that was not done yet.

    A photo may be refused before its report comes in: whichever of the two is written last sees the other.
    """
    item = WorkItem(REFUSED_WORK, REFUSED_WORK, city.clock.now())
    untold = {
        "state": PhotoState.REFUSED.value,
        f"refusal_told.{case_id}": {"$exists": False},
        "work": {"$not": {"$elemMatch": {"kind": REFUSED_WORK, "token": None}}},
    }
    photos = city.database[COLLECTION].find({"_id": {"$in": list(photo_ids)}, **untold}, {"_id": 1})
    for photo in await photos.to_list(None):
        asked = await city.database[COLLECTION].update_one(
            {"_id": photo["_id"], **untold}, {"$push": {"work": item.row()}}
        )
        for wake in wakes_for(COLLECTION, photo["_id"], [item] if asked.modified_count else []):
            city.waker.wake(wake)
