"""Asks for the photos of cases to be weighed as evidence."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import literal
from city_core.kit.work import WorkItem, wakes_for


async def ask_to_weigh(city: City, case_id: str, media_id: str) -> None:
    """Have one photo of a case weighed, again if need be; asked for twice it is done once."""
    item = WorkItem("weigh", f"weigh:{media_id}", city.clock.now(), {"media_id": media_id})
    added = await city.database.cases.update_one(
        {"_id": case_id, "work": {"$not": {"$elemMatch": {"key": item.key, "token": None}}}},
        [{"$set": {"work": {"$concatArrays": ["$work", [literal(item.row())]]}}}],
    )
    if added.modified_count:
        for wake in wakes_for("cases", case_id, [item]):
            city.waker.wake(wake)


async def photo_can_be_weighed(city: City, media_id: str) -> None:
    """Have a photo whose copies were just made weighed in every case that holds it.

    A report may arrive before its photos: whichever of the two is written last sees the other.
    """
    async for case in city.database.cases.find({"photos.media_id": media_id}, {"_id": 1}):
        await ask_to_weigh(city, case["_id"], media_id)
