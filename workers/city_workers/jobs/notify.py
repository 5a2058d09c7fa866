"""Job: the messages of a step reach their inboxes."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.deliver import deliver_notices


async def do(city: City, held: Claim) -> bool:
    await deliver_notices(city, held)
    return False
