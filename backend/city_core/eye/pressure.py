"""Back-pressure: machines are asked to wait while photos wait, and their frames step aside for phones."""

from __future__ import annotations

from datetime import timedelta

from city_core.detection.look import LOOKS
from city_core.kit.city import City
from city_core.kit.waiting_lines import LineFull, is_long, remembered
from city_core.media.model import PhotoOrigin, PhotoState

_WAITING_FOR = ("process_photo", *LOOKS)
_STEPS_ASIDE_FOR = timedelta(seconds=30)
_STILL_COMING = timedelta(minutes=2)


async def check_pressure(city: City) -> None:
    """Refuse frames, for now, while more photos wait for our models than the city allows."""
    if await _is_full(city):
        raise LineFull("frames")


async def steps_aside(city: City, photo_id: str) -> bool:
    """Tell whether a machine's photo waits, because a phone's does; half a minute at most."""
    now = city.clock.now()
    photo = await city.database.photos.find_one({"_id": photo_id}, {"origin": 1, "received_at": 1})
    if photo is None or photo.get("origin") != PhotoOrigin.MACHINE:
        return False
    if now - photo["received_at"] > _STEPS_ASIDE_FOR:
        return False
    of_phone = {
        "origin": PhotoOrigin.PHONE.value,
        "state": PhotoState.RECEIVED.value,
        "received_at": {"$gt": now - _STILL_COMING},
    }
    return await city.database.photos.find_one(of_phone, {"_id": 1}) is not None


async def _is_full(city: City) -> bool:
    async def look() -> bool:
        return await is_long(city, "photos", _WAITING_FOR, city.settings.detection_queue_limit)

    return await remembered(city, "frames", look)
