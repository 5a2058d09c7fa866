"""Job: a handled case is given to an inspector."""

from __future__ import annotations

from city_core.cases.request_check import request_check
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await request_check(city, held.owner_id, held) is not None
