"""Job: the clocks of an emergency's cases are compared with what they should be, and switched."""

from __future__ import annotations

from city_core.cases.emergency.switching import begin_again, switch_clocks
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await switch_clocks(city, held)


async def give_up(city: City, held: Claim) -> bool:
    return await begin_again(city, held)
