"""Job: an upload whose last byte has arrived becomes a photo, if its own process did not get that far."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.media.finish_upload import finish_left_upload


async def do(city: City, held: Claim) -> bool:
    return await finish_left_upload(city, held)
