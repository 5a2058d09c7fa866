"""How a text message reaches a phone number, whoever carries it there."""

from __future__ import annotations

from typing import Protocol

import structlog

from city_core.notify.ports import Delivered, Outcome

log = structlog.get_logger(__name__)


class SmsGateway(Protocol):
    """A provider of text messages 短信."""

    async def send(self, phone: str, text: str, message_id: str) -> Outcome:
        """Sends one text; `message_id` names it, so that a repetition can be told from a second text."""
        ...


class LogSmsGateway:
    """A city without a provider of text messages: notes what would have been sent, without the number."""

    async def send(self, phone: str, text: str, message_id: str) -> Outcome:
        """Notes that a text would have been sent."""
        log.info("sms_noted", message=message_id)
        return Delivered(f"log:{message_id}")
