"""Job: what a model saw in the photos of a case is put on record there."""

from __future__ import annotations

from city_core.cases.record_detections import record_detections
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await record_detections(city, held) is not None
