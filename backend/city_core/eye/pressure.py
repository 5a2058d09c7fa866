"""Back-pressure: machines are asked to wait while photos wait, and their frames step aside for phones."""

from __future__ import annotations

import time
from datetime import timedelta

from city_core.detection.look import LOOKS
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.media.model import PhotoOrigin, PhotoState

_WAITING_FOR = ("process_photo", *LOOKS)
_REMEMBERED_SECONDS = 1.0
_STEPS_ASIDE_FOR = timedelta(seconds=30)
_STILL_COMING = timedelta(minutes=2)
_full_until: dict[str, tuple[float, bool]] = {}


async def check_pressure(city: City) -> None:
    """Refuse frames, for now, while more photos wait for our models than the city allows."""
    if await _is_full(city):
        raise CityProblem("BUSY", field="frames", allowed="the same again in a moment")


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
    """Count at most once a second a process: a thousand sources ask the same."""
    asked = time.monotonic()
    until, is_full = _full_until.get(city.database.name, (0.0, False))
    if asked >= until:
        most = city.settings.detection_queue_limit
        waiting = {"work.kind": {"$in": list(_WAITING_FOR)}}
        is_full = await city.database.photos.count_documents(waiting, limit=most) >= most
        _full_until[city.database.name] = (asked + _REMEMBERED_SECONDS, is_full)
    return is_full
