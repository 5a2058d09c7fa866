"""Job: one hint goes to one device."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim, Job
from city_core.notify.ports import PushGateway
from city_core.notify.push import give_up_hint, push_hint


def through(gateway: PushGateway) -> Job:
    async def do(city: City, held: Claim) -> bool:
        return await push_hint(city, gateway, held)

    return do


async def give_up(city: City, held: Claim) -> bool:
    return await give_up_hint(city, held)
