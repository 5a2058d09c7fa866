"""Job: the cases that a photo belongs to hear that it can be looked at."""

from __future__ import annotations

from city_core.cases.evidence.ask import photo_can_be_weighed
from city_core.cases.work_of_photos import photo_became_ready
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    await photo_became_ready(city, held.owner_id)
    await photo_can_be_weighed(city, held.owner_id)
    return False
