"""Job: others are told that somebody does not answer."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.relay import relay
from city_core.notify.settle_rung import give_up_rung


async def do(city: City, held: Claim) -> bool:
    return await relay(city, held)


async def give_up(city: City, held: Claim) -> bool:
    return await give_up_rung(city, held)
