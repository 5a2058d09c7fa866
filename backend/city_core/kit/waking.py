"""Wake-ups and announcements over Redis: hints that may be lost, never the truth."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from saq.queue.redis import RedisQueue

from city_core.kit.channels import Channels
from city_core.kit.metrics import WAKES_LOST

log = structlog.get_logger()
JOB_NAME = "do_work"
SHORTLY_SECONDS = 5.0
_MOST_WAITING = 20_000
_PAUSE_AFTER_FAILURE_SECONDS = 0.5


@dataclass(frozen=True)
class Wake:
    """Points at one work item: which document of which collection, and the item's key there."""

    kind: str
    collection: str
    owner_id: str
    key: str
    due_at: datetime


class Waker(Protocol):
    """Wakes workers and tells open phones that something changed; must never fail or block its caller."""

    def wake(self, wake: Wake) -> None: ...
    def announce(self, channel: str, hint: Mapping[str, Any]) -> None: ...
    def listen(self, *channels: str) -> contextlib.AbstractAsyncContextManager[AsyncIterator[None]]: ...
    async def close(self) -> None: ...


class RedisWaker:
    """Hands hints to Redis in the background; one that Redis cannot take is dropped, the sweep finds it."""

    def __init__(self, url: str, queue_of: Mapping[str, str]) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)
        self._channels = Channels(url)
        self._queue_of = queue_of
        self._queues = {name: RedisQueue(self._redis, name=name) for name in {*queue_of.values(), "jobs"}}
        self._waiting: asyncio.Queue[Wake | tuple[str, bytes]] = asyncio.Queue(_MOST_WAITING)
        self._carrier: asyncio.Task[None] | None = None

    def wake(self, wake: Wake) -> None:
        """Ask a worker to look at a work item soon."""
        self._put(wake)

    def announce(self, channel: str, hint: Mapping[str, Any]) -> None:
        """Tell everybody who listens to a channel that something changed there."""
        if not self._channels.is_connected:
            self._channels.nudge(channel)
        self._put((channel, orjson.dumps(dict(hint))))

    def _put(self, hint: Wake | tuple[str, bytes]) -> None:
        if self._carrier is None or self._carrier.done():
            self._carrier = asyncio.get_running_loop().create_task(self._carry())
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(hint)

    async def _carry(self) -> None:
        while True:
            hint = await self._waiting.get()
            try:
                async with asyncio.timeout(3):
                    await self._send(hint)
            except (RedisError, OSError, TimeoutError) as error:
                WAKES_LOST.inc()
                log.warning("wake_lost", error=type(error).__name__)
                await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
            finally:
                self._waiting.task_done()

    async def _send(self, hint: Wake | tuple[str, bytes]) -> None:
        if isinstance(hint, tuple):
            await self._redis.publish(*hint)
            return
        queue = self._queues[self._queue_of.get(hint.kind, "jobs")]
        due = hint.due_at.timestamp()
        # Redis keeps whole seconds; what is due shortly is waited for by the worker, to the millisecond.
        scheduled = math.ceil(due) if due > time.time() + SHORTLY_SECONDS else 0
        payload = {**asdict(hint), "due_at": hint.due_at.isoformat()}
        await queue.enqueue(JOB_NAME, wake=payload, scheduled=scheduled, timeout=60, retries=1, ttl=60)

    def listen(self, *channels: str) -> contextlib.AbstractAsyncContextManager[AsyncIterator[None]]:
        """Hear about changes on some channels; a round ends after a while, as a hint may be lost."""
        return self._channels.listen(*channels)

    async def close(self) -> None:
        """Hand over what still waits, briefly, and let go of Redis."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self._waiting.join()
        if self._carrier is not None:
            self._carrier.cancel()
        await self._channels.close()
        await self._redis.aclose()


class QuietWaker:
    """Wakes nobody and remembers what it was asked: for seeding, and for tests of single use-cases."""

    def __init__(self) -> None:
        self.wakes: list[Wake] = []
        self.announcements: list[tuple[str, dict[str, Any]]] = []

    def wake(self, wake: Wake) -> None:
        self.wakes.append(wake)

    def announce(self, channel: str, hint: Mapping[str, Any]) -> None:
        self.announcements.append((channel, dict(hint)))

    @contextlib.asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[AsyncIterator[None]]:
        async def nothing() -> AsyncIterator[None]:
            while True:
                await asyncio.sleep(1)
                yield None

        yield nothing()

    async def close(self) -> None:
        return None


class CollectingWaker:
    """Keeps the wake-ups of one job, so that whoever did it can go straight on; announces as before."""

    def __init__(self, inner: Waker) -> None:
        self.wakes: list[Wake] = []
        self._inner = inner

    def wake(self, wake: Wake) -> None:
        self.wakes.append(wake)

    def announce(self, channel: str, hint: Mapping[str, Any]) -> None:
        self._inner.announce(channel, hint)

    def listen(self, *channels: str) -> contextlib.AbstractAsyncContextManager[AsyncIterator[None]]:
        return self._inner.listen(*channels)

    async def close(self) -> None:
        return None


def wake_from(payload: Mapping[str, Any]) -> Wake:
    """Read a wake-up that came through the queue."""
    return Wake(
        payload["kind"], payload["collection"], payload["owner_id"], payload["key"],
        datetime.fromisoformat(payload["due_at"]),
    )  # fmt: skip
