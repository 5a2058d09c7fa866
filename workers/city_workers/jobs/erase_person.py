"""Job: delete somebody's account, once the time to take that back is over."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.privacy.erase_person import erase_person


async def do(city: City, held: Claim) -> bool:
    return await erase_person(city, held)
