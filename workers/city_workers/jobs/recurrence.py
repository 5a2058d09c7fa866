"""Job: a freshly filed case is compared with what was closed here before."""

from __future__ import annotations

from city_core.cases.duplicates.mark_recurrence import mark_recurrence
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await mark_recurrence(city, held.owner_id, held) is not None
