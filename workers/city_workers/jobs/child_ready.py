"""Job: a part of a split case tells the whole case that it is done."""

from __future__ import annotations

from city_core.cases.joint.child_ready import child_ready
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await child_ready(city, held.owner_id, held) is not None
