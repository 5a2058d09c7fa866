"""Job: make the copy of somebody's own data that they asked for."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.privacy.copies import make_copy


async def do(city: City, held: Claim) -> bool:
    return await make_copy(city, held)
