"""Whoever listens for hints inside one process, by channel; a hint is a nudge, and many are one nudge."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator


class Listener(AsyncIterator[None]):
    """Waits for nudges; those that come while nobody waits are one, so that nothing ever piles up."""

    __slots__ = ("_nudged", "channels")

    def __init__(self, channels: tuple[str, ...]) -> None:
        self.channels = channels
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        self._nudged.set()

    async def __anext__(self) -> None:
        await self._nudged.wait()
        self._nudged.clear()


class Listeners:
    """The listeners of one process: nudged by channel, and in turn when a hint may have been lost."""

    def __init__(self) -> None:
        self._by_channel: dict[str, set[Listener]] = {}
        self._in_turn: OrderedDict[Listener, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._in_turn)

    @property
    def channels(self) -> list[str]:
        return list(self._by_channel)

    def is_wanted(self, channel: str) -> bool:
        """Tell whether anybody listens to a channel."""
        return channel in self._by_channel

    def add(self, listener: Listener) -> list[str]:
        """Let somebody listen; gives the channels that nobody listened to before."""
        new = [channel for channel in listener.channels if channel not in self._by_channel]
        for channel in listener.channels:
            self._by_channel.setdefault(channel, set()).add(listener)
        self._in_turn[listener] = None
        return new

    def remove(self, listener: Listener) -> list[str]:
        """Let somebody go; gives the channels that nobody listens to any more."""
        self._in_turn.pop(listener, None)
        for channel in listener.channels:
            self._by_channel[channel].discard(listener)
        left = [channel for channel in dict.fromkeys(listener.channels) if not self._by_channel[channel]]
        for channel in left:
            del self._by_channel[channel]
        return left

    def nudge(self, channel: str) -> None:
        """Nudge everybody who listens to a channel."""
        for listener in self._by_channel.get(channel, ()):
            listener.nudge()

    def nudge_in_turn(self, count: int) -> None:
        """Nudge those who have waited longest for their turn."""
        for _ in range(min(count, len(self._in_turn))):
            listener, _none = self._in_turn.popitem(last=False)
            self._in_turn[listener] = None
            listener.nudge()
