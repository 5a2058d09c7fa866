"""One-time codes go out as text messages."""

from __future__ import annotations

import structlog

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.notify.ports import Delivered
from city_core.notify.sms import SmsGateway
from city_core.people.code_sender import CodeNotSent

log = structlog.get_logger(__name__)


class SmsCodeSender:
    """Brings a one-time code to a phone through the city's carrier of text messages.

    A code goes to any number that is asked for, so that what became of it tells nobody which numbers exist;
    what went wrong is in the log, without phone and code.
    """

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway

    async def send(self, city: City, phone: str, code: str) -> None:
        """Sends the code once."""
        text = f"验证码 {code}，5 分钟内有效，请勿告诉他人。"
        outcome = await self._gateway.send(phone, text, new_id())
        if not isinstance(outcome, Delivered):
            reason = getattr(outcome, "reason", "")
            log.error("code_not_sent", outcome=type(outcome).__name__, reason=reason)
            raise CodeNotSent
