"""Job: a leader's decision is proposed as a routing rule."""

from __future__ import annotations

from city_core.cases.propose_routing import propose_routing_rule
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    await propose_routing_rule(city, held.owner_id, held)
    return False
