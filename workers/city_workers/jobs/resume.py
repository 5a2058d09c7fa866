"""Job: a case whose suspension is over goes on."""

from __future__ import annotations

from city_core.cases.requests.resume import resume_by_rule
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await resume_by_rule(city, held.owner_id, held) is not None
