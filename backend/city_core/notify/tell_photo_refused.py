"""The owner of a refused photo is asked for another one."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.model import PhotoState
from city_core.notify.deliver import deliver


async def tell_photo_refused(city: City, photo_id: str) -> None:
    """Tell whoever sent a photo that it could not be read, once for every case that it belongs to.

    One that was sent anew meanwhile is not refused any more: nobody is told.
    """
    async for case in city.database.cases.find({"photos.media_id": photo_id}, {"version": 1}):
        photo = await _told_at(city, photo_id, case)
        if photo is None:
            return
        await deliver(
            city, photo["owner_id"], "PHOTO_REFUSED", case["_id"], photo["refusal_told"][case["_id"]]
        )


async def _told_at(city: City, photo_id: str, case: Row) -> Row | None:
    """Note at which step of a case its owner is told, before they are: told twice, it is the same message."""
    refused = {"_id": photo_id, "state": PhotoState.REFUSED.value}
    place = f"refusal_told.{case['_id']}"
    await city.database.photos.update_one(
        {**refused, place: {"$exists": False}}, {"$set": {place: case["version"]}}
    )
    found: Row | None = await city.database.photos.find_one(refused, {"owner_id": 1, "refusal_told": 1})
    return found
