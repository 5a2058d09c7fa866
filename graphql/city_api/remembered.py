"""Reads that change so seldom that a process may keep them for a moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Remembered(Generic[T]):
    """Keeps what was read for some seconds; whoever comes meanwhile waits for the same read."""

    def __init__(self, read: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._fresh_until = 0.0
        self._lock = asyncio.Lock()
        self._value: T

    def then(self, pick: Callable[[T], U]) -> U | Awaitable[U]:
        """Pick something out of what is known: at once when it is fresh, else after reading it anew."""
        return pick(self._value) if time.monotonic() < self._fresh_until else self._read_and(pick)

    async def get(self) -> T:
        """Give what is known, read anew when it is too old."""
        async with self._lock:
            if time.monotonic() >= self._fresh_until:
                self._value = await self._read()
                self._fresh_until = time.monotonic() + self._seconds
        return self._value

    def forget(self) -> None:
        """Have the next one read anew, as what was read has just been changed."""
        self._fresh_until = 0.0

    async def _read_and(self, pick: Callable[[T], U]) -> U:
        return pick(await self.get())
