"""What brings a one-time code to a phone."""

from __future__ import annotations

from typing import Protocol

import structlog

from city_core.kit.city import City

log = structlog.get_logger()


class CodeNotSent(Exception):
    """The code did not leave: nobody will get it."""


class CodeSender(Protocol):
    """Brings a one-time code to a phone; the text-message adapter of a real city goes here."""

    async def send(self, city: City, phone: str, code: str) -> None:
        """Bring the code, or raise CodeNotSent."""
        ...


class PrintingSender:
    """Prints the code, in development only; elsewhere no code is ever shown to whoever reads the log."""

    async def send(self, city: City, phone: str, code: str) -> None:
        if city.settings.environment != "development":
            log.error("no_text_message_sender")
            raise CodeNotSent
        print(f"one-time code for {phone}: {code}", flush=True)
