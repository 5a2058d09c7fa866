"""Job: an event that machines saw often enough is put before people."""

from __future__ import annotations

from city_core.eye.raise_event import raise_event
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await raise_event(city, held)
