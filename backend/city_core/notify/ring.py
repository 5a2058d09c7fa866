"""A text is sent or a call is placed to whoever no push has reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, Later
from city_core.notify.acknowledgement import is_read
from city_core.notify.climbing import RungOutcome
from city_core.notify.deliver import COLLECTION
from city_core.notify.ports import Delivered, Outcome, RetryAfter, Unknown
from city_core.notify.preferences import phone_and_language
from city_core.notify.settle_rung import settle_rung
from city_core.notify.sms import SmsGateway
from city_core.notify.standing import still_stands
from city_core.notify.templates import sms_text_of
from city_core.notify.voice import VoiceGateway

log = structlog.get_logger()
_PAUSE_SECONDS = 5.0
Carry = Callable[[str, str, str], Awaitable[Outcome]]  # number, text, name of the message


async def send_text(city: City, gateway: SmsGateway, held: Claim) -> bool:
    """Send the text of a rung, unless the person knows meanwhile."""
    return await _reach(city, held, gateway.send)


async def place_call(city: City, gateway: VoiceGateway, held: Claim) -> bool:
    """Place the call of a rung, unless the person knows meanwhile."""
    return await _reach(city, held, gateway.call)


async def _reach(city: City, held: Claim, carry: Carry) -> bool:
    message = await _if_needed(city, held)
    if message is None:
        return True
    phone, language = await phone_and_language(city, message["person_id"])
    if phone is None:
        await settle_rung(city, held, RungOutcome.NO_PHONE)
        return True
    text = sms_text_of(message["kind"], language)
    await _settle(city, held, await carry(phone, text, _name_of(held)))
    return True


async def _if_needed(city: City, held: Claim) -> Row | None:
    message = await city.database[COLLECTION].find_one({"_id": held.owner_id}, {"pushes": 0})
    if message is not None and is_read(message):
        await settle_rung(city, held, RungOutcome.READ)
        return None
    if message is None or not await still_stands(city, message):
        await settle_rung(city, held, RungOutcome.OVER)
        return None
    return message


def _name_of(held: Claim) -> str:
    """Name a text the same at every try, so that the provider can tell a repetition."""
    return f"{held.owner_id}:{held.input['step']}"


async def _settle(city: City, held: Claim, outcome: Outcome) -> None:
    if isinstance(outcome, RetryAfter):
        raise Later(outcome.seconds, "the provider asked to wait", counts=False)
    if isinstance(outcome, Unknown):
        raise Later(_PAUSE_SECONDS * held.attempts, f"no clear answer: {outcome.reason}")
    if isinstance(outcome, Delivered):
        await settle_rung(city, held, RungOutcome.SENT)
        return
    log.error("rung_refused", action=held.input["action"], reason=outcome.reason)
    await settle_rung(city, held, RungOutcome.FAILED)
