"""Job: a plain case is filed by rule."""

from __future__ import annotations

from city_core.cases.file import file_by_rule
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    return await file_by_rule(city, held.owner_id, held) is not None
