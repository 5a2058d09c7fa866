"""Job: a fresh report goes on to verification or to filing."""

from __future__ import annotations

from city_core.cases.triage import triage_report
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await triage_report(city, held.owner_id, held) is not None
