"""How a call reaches a phone number, whoever places it."""

from __future__ import annotations

from typing import Protocol

import structlog

from city_core.notify.ports import Delivered, Outcome

log = structlog.get_logger(__name__)


class VoiceGateway(Protocol):
    """A provider of calls 语音电话 that read a text aloud."""

    async def call(self, phone: str, text: str, message_id: str) -> Outcome:
        """Calls one number; `message_id` names it, so that a repetition can be told from a second call."""
        ...


class LogVoiceGateway:
    """A city without a provider of calls: notes what would have been said, without the number."""

    async def call(self, phone: str, text: str, message_id: str) -> Outcome:
        """Notes that somebody would have been called."""
        log.info("call_noted", message=message_id)
        return Delivered(f"log:{message_id}")
