"""Job: the inspectors of a census are told that it has begun."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.tell_census import tell_census


async def do(city: City, held: Claim) -> bool:
    return await tell_census(city, held)
