"""One lane of a worker process: takes wake-ups from its queue, and sweeps for work that nobody was woken for.

The queue may be gone at any time; the sweep alone gets everything done, only later.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from saq import Worker
from saq.queue.redis import RedisQueue

from city_core.bootstrap import WORK_COLLECTIONS
from city_core.kit.city import City
from city_core.kit.logs import failure
from city_core.kit.mongo import PyMongoError
from city_core.kit.waking import JOB_NAME, Wake, wake_from
from city_core.kit.work import Handler, overdue
from city_workers.hands import Hands
from city_workers.health import beat

log = structlog.get_logger()
_SWEEP_ROWS = 100
_PAUSE_SECONDS = 1.0
_LONGEST_PING_SECONDS = 5.0


@dataclass(frozen=True)
class Lane:
    """Kinds of work that have places of their own, so that no other kind waits for them."""

    queue: str
    handlers: Mapping[str, Handler]
    places: int


class OpenLane:
    """A lane of a process that runs."""

    def __init__(self, city: City, lane: Lane) -> None:
        self.kinds = tuple(lane.handlers)
        self._city = city
        self._lane = lane
        self._places = asyncio.Semaphore(lane.places)
        self._hands = Hands(city, lane.handlers)
        self._beside: set[asyncio.Task[None]] = set()

    async def keep(self) -> None:
        """Do the work of this lane until cancelled; what is under way is finished then, or given back."""
        tasks = [asyncio.create_task(self._take_wakes()), asyncio.create_task(self._sweep())]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await self._hands.finish()
            for task in self._beside:
                task.cancel()
            await asyncio.gather(*tasks, *self._beside, return_exceptions=True)

    def take(self, wake: Wake) -> bool:
        """Begin a work item of this lane at once; False when no place is free, or it ends."""
        if self._hands.is_stopping or self._places.locked() or len(self._beside) >= self._lane.places:
            return False
        self._do_beside(wake)
        return True

    def _do_beside(self, wake: Wake) -> None:
        task = asyncio.create_task(self._do_when_due(wake))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _do_when_due(self, wake: Wake) -> None:
        await asyncio.sleep(max(0.0, (wake.due_at - self._city.clock.now()).total_seconds()))
        async with self._places:
            try:
                await self._hands.do(wake)
            except PyMongoError as error:  # MongoDB could not be asked: the sweep finds the work again
                log.warning("work_left", kind=wake.kind, **failure(error))

    async def _do_work(self, _: Any, *, wake: dict[str, Any]) -> None:
        found = wake_from(wake)
        if found.due_at <= self._city.clock.now():
            await self._do_when_due(found)
        else:  # due in a moment: let the queue go on meanwhile; if this process dies, the sweep finds it
            self._do_beside(found)

    async def _take_wakes(self) -> None:
        url = self._city.settings.redis_url
        while True:
            redis: Redis = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=2)
            try:
                await redis.ping()
                await self._work_until_queue_is_gone(redis)
            except (RedisError, OSError) as error:
                log.warning("queue_gone", error=type(error).__name__)
            finally:
                with contextlib.suppress(RedisError, OSError):
                    await redis.aclose()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _work_until_queue_is_gone(self, redis: Redis) -> None:
        """Run SAQ's worker while Redis answers: without it, its loop would spin on the lost connection."""
        worker: Worker[Any] = Worker(
            RedisQueue(redis, name=self._lane.queue), [(JOB_NAME, self._do_work)],
            concurrency=self._lane.places, shutdown_grace_period_s=1,
            timers={"schedule": 1, "worker_info": 60, "sweep": 120, "abort": 60},
        )  # fmt: skip
        worker.SIGNALS = []  # this process stops by itself, in its own order
        working = asyncio.create_task(worker.start())
        try:
            while not working.done():
                async with asyncio.timeout(_LONGEST_PING_SECONDS):
                    await redis.ping()
                await asyncio.wait([working], timeout=_PAUSE_SECONDS)
        finally:
            # A task of its own: it may wait for a lost connection, and who is told to end must hear it.
            stopping = asyncio.create_task(worker.stop())
            await asyncio.wait([stopping], timeout=_LONGEST_PING_SECONDS)
            stopping.cancel()

    async def _sweep(self) -> None:
        while True:
            beat()
            try:
                found = await self._sweep_once()
            except Exception as error:
                log.error("sweep_failed", **failure(error))
                found = 0
            if found < _SWEEP_ROWS // 2:
                await asyncio.sleep(self._city.settings.work_sweep_seconds)

    async def _sweep_once(self) -> int:
        done = 0
        for collection in WORK_COLLECTIONS:
            wakes = await overdue(self._city, collection, self._lane.handlers, _SWEEP_ROWS)
            places = asyncio.Semaphore(self._lane.places)

            async def one(wake: Wake, places: asyncio.Semaphore = places) -> bool:
                async with places, self._places:
                    return await self._hands.do(wake)

            done += sum(await asyncio.gather(*(one(wake) for wake in wakes)))
        if done:
            log.info("swept", done=done)
        return done
