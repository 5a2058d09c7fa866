"""How a text message reaches a phone, whoever carries it there."""

from __future__ import annotations

from typing import Protocol

import structlog

from city_core.notify.ports import Delivered, Outcome

log = structlog.get_logger(__name__)


class SmsGateway(Protocol):
    """A carrier of text messages 短信."""

    name: str

    async def send(self, phone: str, text: str, message_id: str) -> Outcome:
        """Sends one text, once for a message id; gives its outcome in bounded time; never raises."""
        ...


class LogSmsGateway:
    """A city without a text-message platform: notes that a text was due, without phone and text."""

    name = "log"

    async def send(self, phone: str, text: str, message_id: str) -> Outcome:
        """Notes the id of the message."""
        log.info("sms_noted", message_id=message_id, characters=len(text))
        return Delivered(f"log:{message_id}")
