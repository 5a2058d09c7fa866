"""Job: a case whose danger is removed goes on until the thing is repaired."""

from __future__ import annotations

from city_core.cases.follow_up import file_follow_up
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await file_follow_up(city, held.owner_id, held) is not None
