"""Job: a model has looked at a photo; the cases that hold it hear of it, and the events of machines."""

from __future__ import annotations

from city_core.cases.work_of_photos import photo_was_seen
from city_core.eye.note_finds import note_finds
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    await photo_was_seen(city, held.owner_id)
    await note_finds(city, held.owner_id)
    return False
