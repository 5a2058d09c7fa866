"""Back-pressure on photos of citizens: while too many wait, or wait for too long, their phones come again.

A report is never refused for it: it may come before its photo. Staff are never asked to wait.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from city_core.kit.city import City
from city_core.kit.waiting_lines import LineFull, is_long, remembered
from city_core.media.model import PhotoOrigin, PhotoState
from city_core.people.roles import Actor, Role

_DEVELOPED, _LOOKED_AT = "process_photo", "look"
# A photo that stays behind says nothing about the line, and what is older than this is no line any more.
_LATE_ONES = 20
_GIVEN_UP_ON = timedelta(hours=1)


async def check_photo_lines(city: City, actor: Actor) -> None:
    """Ask a citizen's phone to send a photo later, while the lines before the darkroom and models are long.

    Raises LineFull.
    """
    if actor.role is not Role.CITIZEN:
        return
    line = f"photos, {city.settings.photo_queue_limit}"
    if await remembered(city, line, partial(is_line_long, city)):
        raise LineFull("photo")


async def is_line_long(city: City) -> bool:
    """Tell whether more photos wait for the darkroom or a model than the city allows, or for too long."""
    most = city.settings.photo_queue_limit
    return await _is_old(city) or await is_long(city, "photos", [_DEVELOPED, _LOOKED_AT], most)


async def _is_old(city: City) -> bool:
    now = city.clock.now()
    late = {
        "origin": PhotoOrigin.PHONE.value,
        "state": PhotoState.RECEIVED.value,
        "received_at": {
            "$gt": now - _GIVEN_UP_ON,
            "$lt": now - timedelta(minutes=city.settings.photo_queue_minutes),
        },
    }
    return int(await city.database.photos.count_documents(late, limit=_LATE_ONES)) >= _LATE_ONES
