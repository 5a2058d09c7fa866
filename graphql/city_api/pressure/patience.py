"""Waits that a process can end all at once, when it stops."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Patience:
    """Lets things wait for so long, or until this process sends everybody who waits home."""

    def __init__(self) -> None:
        self._waits: set[asyncio.Timeout] = set()
        self._is_over = False

    @contextlib.asynccontextmanager
    async def no_longer_than(self, seconds: float) -> AsyncIterator[None]:
        """Let something wait for so many seconds, or until this process stops; then TimeoutError."""
        async with asyncio.timeout(0 if self._is_over else seconds) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    def send_home(self) -> None:
        """End every wait, and those to come: this process stops, another one goes on."""
        self._is_over = True
        for wait in self._waits:
            wait.reschedule(asyncio.get_running_loop().time())
