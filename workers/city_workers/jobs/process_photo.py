"""Job: a photo's own copies are made; one that kills its worker again and again is refused."""

from __future__ import annotations

from city_core.eye.pressure import steps_aside
from city_core.kit.city import City
from city_core.kit.work import Claim, Later
from city_core.media.process import process_photo, refuse_photo

_ASIDE_SECONDS = 1.0


async def do(city: City, held: Claim) -> bool:
    if await steps_aside(city, held.owner_id):
        raise Later(_ASIDE_SECONDS, "photos of phones come first", counts=False)
    return await process_photo(city, held)


async def give_up(city: City, held: Claim) -> bool:
    return await refuse_photo(city, held, "PHOTO_NOT_AN_IMAGE")
