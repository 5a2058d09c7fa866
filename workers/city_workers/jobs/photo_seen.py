"""Job: a model has looked at a photo; a machine's makes an event, or is one more sighting of it."""

from __future__ import annotations

from city_core.eye.note_finds import note_finds
from city_core.kit.city import City
from city_core.kit.work import Claim


async def do(city: City, held: Claim) -> bool:
    await note_finds(city, held.owner_id)
    return False
