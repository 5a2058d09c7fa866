"""What goes wrong in a trial: the primary dies or hangs, Redis forgets or is gone, processes are killed."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

from tests.faults.besieged_city import BesiegedCity
from tests.faults.replica_set import Member
from tests.waiting import until

FLUSHED_EVERY_S = 10.0
WHOLE_AGAIN_S = 180.0


@dataclass(frozen=True)
class Blow:
    """One thing that went wrong: what, and when (monotonic, seconds)."""

    what: str
    at: float


Trouble = Callable[[BesiegedCity, asyncio.Event, list[Blow]], Awaitable[None]]


def at_once(*troubles: Trouble) -> Trouble:
    """Let several things go wrong at the same time."""

    async def all_of_them(city: BesiegedCity, over: asyncio.Event, blows: list[Blow]) -> None:
        await asyncio.gather(*(trouble(city, over, blows) for trouble in troubles))

    return all_of_them


def in_turn(*troubles: Trouble) -> Trouble:
    """Let one thing go wrong after the other."""

    async def one_by_one(city: BesiegedCity, over: asyncio.Event, blows: list[Blow]) -> None:
        for trouble in troubles:
            await trouble(city, over, blows)

    return one_by_one


async def _rest(over: asyncio.Event, seconds: float) -> bool:
    """Let time pass; True when the trial is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await over.wait()
    return over.is_set()


def primary_struck(*, turns: int | None = None, down_s: float = 8.0, calm_s: float = 4.0) -> Trouble:
    """Strike whoever is the primary, killed and paused by turns, and bring it back: each time another leads.

    Without `turns` it goes on until the trial is over.
    """

    async def strike(city: BesiegedCity, over: asyncio.Event, blows: list[Blow]) -> None:
        ways = itertools.islice(itertools.cycle(("killed", "paused")), turns)
        for way in ways:
            if await _rest(over, calm_s):
                return
            primary = await asyncio.to_thread(city.truth.primary)
            assert primary is not None, "a set that is whole has a primary"
            blows.append(Blow(f"primary {way}", time.monotonic()))
            (primary.kill if way == "killed" else primary.pause)()
            await _rest(over, down_s)
            await _brought_back(city, primary, way)

    return strike


async def _brought_back(city: BesiegedCity, struck: Member, way: str) -> None:
    await asyncio.to_thread(struck.start if way == "killed" else struck.go_on)
    await until(lambda: asyncio.to_thread(city.truth.is_whole), "a whole set", seconds=WHOLE_AGAIN_S)


def redis_flushed(every_s: float = FLUSHED_EVERY_S, *, turns: int | None = None) -> Trouble:
    """Let Redis forget everything again and again."""

    async def flush(city: BesiegedCity, over: asyncio.Event, blows: list[Blow]) -> None:
        for _ in itertools.islice(itertools.count(), turns):
            if await _rest(over, every_s):
                return
            with Redis.from_url(city.redis.url, socket_timeout=2) as redis, suppress(RedisError):
                redis.flushall()
                blows.append(Blow("redis flushed", time.monotonic()))

    return flush


def redis_gone(seconds: float, *, after_s: float = 2.0) -> Trouble:
    """Let Redis be gone for a while."""

    async def go(city: BesiegedCity, over: asyncio.Event, blows: list[Blow]) -> None:
        await _rest(over, after_s)
        city.redis.kill()
        blows.append(Blow("redis gone", time.monotonic()))
        await _rest(over, seconds)
        await asyncio.to_thread(city.redis.start)
        blows.append(Blow("redis back", time.monotonic()))

    return go


def processes_killed(
    seed: int = 7, *, turns: int | None = None, every_s: float = 8.0, down_s: float = 1.0
) -> Trouble:
    """Kill an API process or a worker at random, and start it again a moment later.

    The next one is killed once both API processes answer again: a city that is wholly down takes nothing.
    """

    async def kill(city: BesiegedCity, over: asyncio.Event, blows: list[Blow]) -> None:
        chance = random.Random(seed)
        for _ in itertools.islice(itertools.count(), turns):
            if await _rest(over, every_s * chance.uniform(0.5, 1.5)):
                return
            victim = city.kill_one(chance)
            blows.append(Blow(f"{victim.name} killed", time.monotonic()))
            await _rest(over, down_s)
            await asyncio.to_thread(victim.start)
            await until(lambda: asyncio.to_thread(city.is_alive), "the API processes", seconds=WHOLE_AGAIN_S)

    return kill
