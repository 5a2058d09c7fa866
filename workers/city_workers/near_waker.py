"""Wakes the lanes of this very process first: what has a free place here needs no way over Redis."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from city_core.kit.clock import Clock
from city_core.kit.waking import Wake, Waker


class NearWaker:
    """Hands on what is due to a lane of its process; what finds no place there, or is due later, goes to all.

    Without Redis a push goes out at once, too: it waits for no sweep.
    """

    def __init__(self, inner: Waker, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock
        self._takers: Mapping[str, Callable[[Wake], bool]] = {}

    def open(self, takers: Mapping[str, Callable[[Wake], bool]]) -> None:
        """Know who takes each kind of work from now on."""
        self._takers = takers

    def wake(self, wake: Wake) -> None:
        taker = self._takers.get(wake.kind)
        if taker is None or wake.due_at > self._clock.now() or not taker(wake):
            self._inner.wake(wake)

    def announce(self, channel: str, hint: Mapping[str, Any]) -> None:
        self._inner.announce(channel, hint)

    def listen(self, *channels: str) -> contextlib.AbstractAsyncContextManager[AsyncIterator[None]]:
        return self._inner.listen(*channels)

    async def close(self) -> None:
        """Let go of nothing: the waker behind it is not its own."""
