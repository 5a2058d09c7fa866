"""Job: the next rung of the ladder that reaches a person."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.climb import climb


async def do(city: City, held: Claim) -> bool:
    return await climb(city, held)
