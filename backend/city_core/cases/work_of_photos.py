"""New photos of a case are to be looked at by detection."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.mongo import Row, literal
from city_core.kit.work import WorkItem, wakes_for

KINDS_OF_PHOTOS = ("detect", "weigh")


def look_at_photos(city: City, case: Row, new_photos: Sequence[Row]) -> list[WorkItem]:
    """Have the photos that a step brings looked at by detection, and weighed as evidence."""
    if not new_photos:
        return []
    number, now = case["version"] + 1, city.clock.now()
    return [WorkItem(kind, f"{kind}:{number}", now) for kind in KINDS_OF_PHOTOS]


async def photo_became_ready(city: City, photo_id: str) -> None:
    """Ask detection to look at a photo whose copies were just made, in every case that it belongs to.

    A report may arrive before its photos: whichever of the two is written last sees the other.
    """
    item = WorkItem("detect", f"detect:{photo_id}", city.clock.now())
    async for case in city.database.cases.find({"photos.media_id": photo_id}, {"_id": 1}):
        added = await city.database.cases.update_one(
            {
                "_id": case["_id"],
                "detections.media_id": {"$ne": photo_id},
                "work": {"$not": {"$elemMatch": {"key": item.key}}},
            },
            [{"$set": {"work": {"$concatArrays": ["$work", [literal(item.row())]]}}}],
        )
        if added.modified_count:
            for wake in wakes_for("cases", case["_id"], [item]):
                city.waker.wake(wake)
