"""Runs one worker process: takes wake-ups from a queue, and sweeps for work that nobody was woken for.

The queue may be gone at any time; the sweep alone gets everything done, only later.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
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
from city_core.kit.memory import keep_what_stands
from city_core.kit.mongo import PyMongoError
from city_core.kit.starting import stop_in_time
from city_core.kit.waking import JOB_NAME, Wake, wake_from
from city_core.kit.work import Handler, overdue
from city_workers.hands import Hands
from city_workers.health import beat

log = structlog.get_logger()
Duty = Callable[[City], Coroutine[Any, Any, None]]
_SWEEP_ROWS = 100
_PAUSE_SECONDS = 1.0
_LONGEST_PING_SECONDS = 5.0


@dataclass(frozen=True)
class Lane:
    """Kinds of work that have places of their own, so that no other kind waits for them."""

    queue: str
    handlers: Mapping[str, Handler]
    places: int


async def run_worker(city: City, lanes: Sequence[Lane], duties: Sequence[Duty] = ()) -> None:
    """Work until the process is told to stop; jobs under way are finished then, or given back.

    `duties` are what it does all the time beside its jobs.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    tasks = [
        *(asyncio.create_task(keep_lane(city, lane)) for lane in lanes),
        *(asyncio.create_task(duty(city)) for duty in duties),
    ]
    keep_what_stands()
    queues = [lane.queue for lane in lanes]
    log.info("worker_ready", queues=queues)
    await stop.wait()
    log.info("worker_stopping", queues=queues)
    stop_in_time()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    log.info("worker_stopped", queues=queues)


async def keep_lane(city: City, lane: Lane) -> None:
    """Do the work of one lane until cancelled."""
    busy, hands = asyncio.Semaphore(lane.places), Hands(city, lane.handlers)
    tasks = [
        asyncio.create_task(_take_wakes(city, lane, hands, busy)),
        asyncio.create_task(_sweep(city, lane, hands, busy)),
    ]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await hands.finish()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _take_wakes(city: City, lane: Lane, hands: Hands, busy: asyncio.Semaphore) -> None:
    waiting: set[asyncio.Task[None]] = set()

    async def do_when_due(wake: Wake) -> None:
        await asyncio.sleep(max(0.0, (wake.due_at - city.clock.now()).total_seconds()))
        async with busy:
            try:
                await hands.do(wake)
            except PyMongoError as error:  # MongoDB could not be asked: the sweep finds the work again
                log.warning("work_left", kind=wake.kind, **failure(error))

    async def do_work(_: Any, *, wake: dict[str, Any]) -> None:
        found = wake_from(wake)
        if found.due_at <= city.clock.now():
            await do_when_due(found)
        else:  # due in a moment: let the queue go on meanwhile; if this process dies, the sweep finds it
            task = asyncio.create_task(do_when_due(found))
            waiting.add(task)
            task.add_done_callback(waiting.discard)

    while True:
        redis: Redis = Redis.from_url(city.settings.redis_url, socket_timeout=None, socket_connect_timeout=2)
        try:
            await redis.ping()
            await _work_until_queue_is_gone(redis, lane, do_work)
        except (RedisError, OSError) as error:
            log.warning("queue_gone", error=type(error).__name__)
        finally:
            with contextlib.suppress(RedisError, OSError):
                await redis.aclose()
        await asyncio.sleep(_PAUSE_SECONDS)


async def _work_until_queue_is_gone(redis: Redis, lane: Lane, do_work: Any) -> None:
    """Run SAQ's worker as long as Redis answers: without it, its loop would spin on the lost connection."""
    worker: Worker[Any] = Worker(
        RedisQueue(redis, name=lane.queue), [(JOB_NAME, do_work)], concurrency=lane.places,
        shutdown_grace_period_s=1, timers={"schedule": 1, "worker_info": 60, "sweep": 120, "abort": 60},
    )  # fmt: skip
    worker.SIGNALS = []  # this process stops by itself, in its own order
    working = asyncio.create_task(worker.start())
    try:
        while not working.done():
            async with asyncio.timeout(_LONGEST_PING_SECONDS):
                await redis.ping()
            await asyncio.wait([working], timeout=_PAUSE_SECONDS)
    finally:
        # A task of its own: it may wait for a lost connection, and who is told to end meanwhile must hear it.
        stopping = asyncio.create_task(worker.stop())
        await asyncio.wait([stopping], timeout=_LONGEST_PING_SECONDS)
        stopping.cancel()


async def _sweep(city: City, lane: Lane, hands: Hands, busy: asyncio.Semaphore) -> None:
    while True:
        beat()
        try:
            found = await _sweep_once(city, lane, hands, busy)
        except Exception as error:
            log.error("sweep_failed", **failure(error))
            found = 0
        if found < _SWEEP_ROWS // 2:
            await asyncio.sleep(city.settings.work_sweep_seconds)


async def _sweep_once(city: City, lane: Lane, hands: Hands, busy: asyncio.Semaphore) -> int:
    done = 0
    for collection in WORK_COLLECTIONS:
        wakes = await overdue(city, collection, lane.handlers, _SWEEP_ROWS)
        places = asyncio.Semaphore(lane.places)

        async def one(wake: Any, places: asyncio.Semaphore = places) -> bool:
            async with places, busy:
                return await hands.do(wake)

        done += sum(await asyncio.gather(*(one(wake) for wake in wakes)))
    if done:
        log.info("swept", done=done)
    return done
