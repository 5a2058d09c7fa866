"""Job: a case goes up a level whose own time is used up."""

from __future__ import annotations

from city_core.cases.levels.upgrade import upgrade_by_timeout
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await upgrade_by_timeout(city, held.owner_id, held) is not None
