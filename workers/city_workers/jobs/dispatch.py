"""Job: a filed case is dispatched by rule."""

from __future__ import annotations

from city_core.cases.dispatch import dispatch_by_rule
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await dispatch_by_rule(city, held.owner_id, held) is not None
