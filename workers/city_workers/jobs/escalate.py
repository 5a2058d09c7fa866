"""Job: a warning or a card about a case whose time runs out."""

from __future__ import annotations

from city_core.cases.escalate import escalate_case
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    await escalate_case(city, held.owner_id, held)
    return True
