"""Jobs: a text goes to a person, a call is placed to them."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.work import Claim, Job
from city_core.notify.ring import place_call, send_text
from city_core.notify.settle_rung import give_up_rung
from city_core.notify.sms import SmsGateway
from city_core.notify.voice import VoiceGateway


def text_through(gateway: SmsGateway) -> Job:
    async def do(city: City, held: Claim) -> bool:
        return await send_text(city, gateway, held)

    return do


def call_through(gateway: VoiceGateway) -> Job:
    async def do(city: City, held: Claim) -> bool:
        return await place_call(city, gateway, held)

    return do


async def give_up(city: City, held: Claim) -> bool:
    return await give_up_rung(city, held)
