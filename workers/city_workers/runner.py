"""Runs one worker process: its lanes, and what it does all the time beside them, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import structlog

from city_core.kit.city import City
from city_core.kit.memory import keep_what_stands
from city_core.kit.starting import stop_in_time
from city_workers.lane import Lane, OpenLane
from city_workers.near_waker import NearWaker

log = structlog.get_logger()
Duty = Callable[[City], Coroutine[Any, Any, None]]


async def run_worker(city: City, lanes: Sequence[Lane], duties: Sequence[Duty] = ()) -> None:
    """Work until the process is told to stop; jobs under way are finished then, or given back.

    `duties` are what it does all the time beside its jobs.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    tasks = [
        asyncio.create_task(keep_lanes(city, lanes)),
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


async def keep_lanes(city: City, lanes: Sequence[Lane]) -> None:
    """Do the work of some lanes until cancelled; what one leads to goes straight on in another of them."""
    waker = NearWaker(city.waker, city.clock)
    opened = [OpenLane(replace(city, waker=waker), lane) for lane in lanes]
    waker.open({kind: lane.take for lane in opened for kind in lane.kinds})
    await asyncio.gather(*(lane.keep() for lane in opened), return_exceptions=True)
