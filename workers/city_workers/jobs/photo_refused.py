"""Job: the owner of a refused photo is asked for another one."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.tell_photo_refused import tell_photo_refused


async def do(city: City, held: Claim) -> bool:
    await tell_photo_refused(city, held.owner_id)
    return False
