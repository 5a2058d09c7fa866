"""The owner of a refused photo is asked for another one."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.notify.deliver import deliver


async def tell_photo_refused(city: City, photo_id: str) -> None:
    """Tell whoever sent a photo that it could not be read, for every case that it belongs to."""
    photo = await city.database.photos.find_one({"_id": photo_id}, {"owner_id": 1})
    if photo is None:
        return
    fields = {"version": 1}
    async for case in city.database.cases.find({"photos.media_id": photo_id}, fields):
        await deliver(city, photo["owner_id"], "PHOTO_REFUSED", case["_id"], case["version"])
