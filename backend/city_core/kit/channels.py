"""Redis channels: one connection for a whole process, however many listen in it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from itertools import islice
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from city_core.kit.listeners import Listener, Listeners

log = structlog.get_logger()
# A hint can be lost without anybody knowing, so that each listener gets its turn even without one.
ROUND_SECONDS = 25.0
ROUND_SECONDS_WITHOUT_REDIS = 5.0
# Each turn is a look into MongoDB: a city's worth of sockets must not all look at the same moment.
MOST_TURNS_A_TICK = 50
_TICK_SECONDS = 0.25
_PING_SECONDS = 5.0
_LONGEST_SILENCE_SECONDS = 12.0
_PAUSE_AFTER_FAILURE_SECONDS = 0.5
_MOST_CHANNELS_A_COMMAND = 500
# Keeps the connection in Redis' subscribed state while nobody listens to anything.
_ALWAYS = "channels"


class Channels:
    """Fans the hints of Redis out to the listeners of this process, and comes back by itself."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners = Listeners()
        self._to_follow: set[str] = set()
        self._new: set[str] = set()
        self._changed = asyncio.Event()
        self._turns_owed = 0
        self._tasks: list[asyncio.Task[None]] = []
        self.is_connected = False

    @contextlib.asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[AsyncIterator[None]]:
        """Hear about changes on some channels; a round ends after a while, as a hint may be lost.

        The first round ends when Redis has confirmed the channels: what happened meanwhile is not missed.
        """
        self._start()
        listener = Listener(channels)
        self._follow_anew(self._listeners.add(listener))
        try:
            yield listener
        finally:
            self._follow_anew(self._listeners.remove(listener))

    def nudge(self, channel: str) -> None:
        """Nudge the listeners of this process, without Redis."""
        self._listeners.nudge(channel)

    async def close(self) -> None:
        """Let go of Redis."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def _start(self) -> None:
        if not self._tasks:
            loop = asyncio.get_running_loop()
            self._tasks = [loop.create_task(self._keep_connected()), loop.create_task(self._give_turns())]

    def _follow_anew(self, channels: Iterable[str]) -> None:
        self._to_follow.update(channels)
        if self._to_follow:
            self._changed.set()

    async def _keep_connected(self) -> None:
        while True:
            try:
                await self._stay_connected()
            except Exception as error:  # whatever it was, phones go on hearing as soon as Redis is back
                if self.is_connected:
                    log.warning("channels_lost", error=type(error).__name__)
            self.is_connected = False
            await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)

    async def _stay_connected(self) -> None:
        # A retry of the client's own would hide that hints were lost meanwhile.
        redis: Redis = Redis.from_url(
            self._url, protocol=2, socket_timeout=None, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
        )
        pubsub = redis.pubsub()
        tasks: list[asyncio.Task[None]] = []
        try:
            self._to_follow, self._new = set(), set()
            await _in_portions(pubsub.subscribe, [_ALWAYS, *self._listeners.channels])
            tasks = [asyncio.create_task(self._read(pubsub)), asyncio.create_task(self._follow(pubsub))]
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(RedisError, OSError):
                await pubsub.aclose()  # type: ignore[no-untyped-call]
                await redis.aclose()

    async def _read(self, pubsub: Any) -> None:
        while True:
            message = await pubsub.get_message(timeout=_LONGEST_SILENCE_SECONDS)
            if message is None:
                raise TimeoutError("Redis is silent")
            if not self.is_connected:
                self.is_connected = True
                self._turns_owed = len(self._listeners)
            if message["type"] == "message":
                self._listeners.nudge(message["channel"].decode())
            elif message["type"] == "subscribe" and message["channel"].decode() in self._new:
                self._new.discard(message["channel"].decode())
                self._listeners.nudge(message["channel"].decode())

    async def _follow(self, pubsub: Any) -> None:
        """Tell Redis which channels are listened to as that changes, and see that it still answers."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PING_SECONDS):
                    await self._changed.wait()
            self._changed.clear()
            changed, self._to_follow = self._to_follow, set()
            wanted = [channel for channel in changed if self._listeners.is_wanted(channel)]
            left = [channel for channel in changed if not self._listeners.is_wanted(channel)]
            self._new.update(wanted)
            await _in_portions(pubsub.subscribe, wanted)
            await _in_portions(pubsub.unsubscribe, left)
            if not changed:
                await pubsub.ping()

    async def _give_turns(self) -> None:
        due = 0.0
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            seconds = ROUND_SECONDS if self.is_connected else ROUND_SECONDS_WITHOUT_REDIS
            due += len(self._listeners) * _TICK_SECONDS / seconds
            turns = min(int(due) + self._turns_owed, MOST_TURNS_A_TICK)
            self._listeners.nudge_in_turn(turns)
            self._turns_owed = max(self._turns_owed - turns, 0)
            due = min(due - int(due), 1.0)


async def _in_portions(command: Any, channels: Iterable[str]) -> None:
    rest = iter(channels)
    while portion := list(islice(rest, _MOST_CHANNELS_A_COMMAND)):
        await command(*portion)
