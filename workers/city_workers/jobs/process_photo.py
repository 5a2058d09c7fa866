"""Job: a photo's own copies are made; one that kills its worker again and again is refused."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.media.process import process_photo, refuse_photo


async def do(city: City, held: Claim) -> bool:
    return await process_photo(city, held)


async def give_up(city: City, held: Claim) -> bool:
    return await refuse_photo(city, held, "PHOTO_NOT_AN_IMAGE")
