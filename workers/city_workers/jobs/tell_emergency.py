"""Job: whoever an emergency concerns is told."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.tell_emergency import tell_emergency


async def do(city: City, held: Claim) -> bool:
    return await tell_emergency(city, held)
