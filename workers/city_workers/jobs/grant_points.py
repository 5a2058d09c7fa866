"""Job: citizens get the points that a step earned them."""

from __future__ import annotations

from city_core.citizens.grant_points import grant_points
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    await grant_points(city, held)
    return False
