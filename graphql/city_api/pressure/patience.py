"""Waits that can be ended all at once: when a process stops, or when somebody must know how they ended."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator


class Patience:
    """Lets things wait for so long, or until everybody who waits is sent home."""

    def __init__(self) -> None:
        self._waits: set[asyncio.Timeout] = set()
        self._most_seconds = math.inf

    @contextlib.asynccontextmanager
    async def no_longer_than(self, seconds: float) -> AsyncIterator[None]:
        """Let something wait for so many seconds, or until everybody is sent home; then TimeoutError."""
        async with asyncio.timeout(min(seconds, self._most_seconds)) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    def send_home(self, within_seconds: float = 0) -> None:
        """End every wait so soon, and those to come: who waits here for more would wait in vain."""
        self._most_seconds = min(within_seconds, self._most_seconds)
        at_latest = asyncio.get_running_loop().time() + within_seconds
        for wait in self._waits:
            until = wait.when()
            wait.reschedule(at_latest if until is None else min(until, at_latest))
