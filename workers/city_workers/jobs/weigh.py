"""Job: the photos of a case are weighed as evidence."""

from __future__ import annotations

from city_core.cases.evidence.weigh import weigh_photos
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await weigh_photos(city, held)
