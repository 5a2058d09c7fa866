"""What the photos of a case ask for: their finds on record, and what they are worth as evidence."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.mongo import Row, literal
from city_core.kit.work import WorkItem, wakes_for

KINDS_OF_PHOTOS = ("detect", "weigh")


def look_at_photos(city: City, case: Row, new_photos: Sequence[Row]) -> list[WorkItem]:
    """Have what models see in the photos that a step brings put on record, and the photos weighed."""
    if not new_photos:
        return []
    number, now = case["version"] + 1, city.clock.now()
    return [WorkItem(kind, f"{kind}:{number}", now) for kind in KINDS_OF_PHOTOS]


async def photo_became_ready(city: City, photo_id: str) -> None:
    """Tell whoever looks at the cases of a photo that its copies are there."""
    async for case in city.database.cases.find({"photos.media_id": photo_id}, {"version": 1}):
        city.waker.announce(f"case:{case['_id']}", {"version": case["version"]})


async def photo_was_seen(city: City, photo_id: str) -> None:
    """Have what a model saw in a photo put on record in every case that it belongs to.

    A report may arrive before its photos: whichever of the two is written last sees the other.
    """
    fresh = {"detections.media_id": {"$ne": photo_id}}
    await _ask_its_cases(city, photo_id, WorkItem("detect", f"detect:{photo_id}", city.clock.now()), fresh)


async def _ask_its_cases(city: City, photo_id: str, item: WorkItem, still_open: Row) -> None:
    """Give the cases of a photo something to do, where it is `still_open` and not asked for already."""
    async for case in city.database.cases.find({"photos.media_id": photo_id}, {"_id": 1}):
        added = await city.database.cases.update_one(
            {
                "_id": case["_id"],
                "work": {"$not": {"$elemMatch": {"key": item.key}}},
                **still_open,
            },
            [{"$set": {"work": {"$concatArrays": ["$work", [literal(item.row())]]}}}],
        )
        if added.modified_count:
            for wake in wakes_for("cases", case["_id"], [item]):
                city.waker.wake(wake)
