"""Job: a task taken in the app answers the message about it."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.note_answered import note_answered


async def do(city: City, held: Claim) -> bool:
    return await note_answered(city, held)
