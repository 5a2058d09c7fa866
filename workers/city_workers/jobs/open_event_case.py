"""Job: a confirmed event gets its case, though the request that confirmed it was cut off."""

from __future__ import annotations

from city_core.eye.open_case import do_open_case
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await do_open_case(city, held)
