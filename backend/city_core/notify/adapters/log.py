"""A city without a push provider: hints are only noted, people find their work in the inbox."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from city_core.notify.ports import Delivered, Outcome, PushAddress, PushMessage

log = structlog.get_logger(__name__)


class LogPushGateway:
    """Notes what would have been pushed, without the address of the device."""

    name = "log"

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Notes type and id of each hint."""
        for _, message in batch:
            log.info("push_noted", type=message.type, id=message.id)
        return [Delivered(f"log:{message.message_id}") for _, message in batch]

    async def close(self) -> None:
        """Nothing to let go of."""
