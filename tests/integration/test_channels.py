"""One connection to Redis carries the hints of a whole process, and comes back after Redis was gone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from city_core.kit import channels as channels_module
from city_core.kit.channels import Channels
from city_core.kit.listeners import Listener, Listeners
from city_core.kit.waking import RedisWaker
from city_demo.embedded import EmbeddedRedis
from tests.waiting import until


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Channels]:
    channels = Channels(url)
    try:
        yield channels
    finally:
        await channels.close()


async def subscribers(url: str, *names: str) -> list[int]:
    async with Redis.from_url(url) as redis:
        return [count for _, count in await redis.pubsub_numsub(*names)]


async def publish(url: str, name: str) -> None:
    async with Redis.from_url(url) as redis:
        await redis.publish(name, "{}")


async def is_followed(url: str, name: str, count: int = 1) -> None:
    async def followed() -> bool:
        return await subscribers(url, name) == [count]

    await until(followed, f"{count} subscribers of {name}")


async def nudged(listener: AsyncIterator[None], seconds: float = 3.0) -> None:
    await asyncio.wait_for(anext(listener), seconds)


async def test_many_listeners_are_one_subscriber(redis_server: EmbeddedRedis) -> None:
    async with opened(redis_server.url) as channels, contextlib.AsyncExitStack() as stack:
        listeners = [await stack.enter_async_context(channels.listen("t:a", f"t:{n}")) for n in range(300)]
        await is_followed(redis_server.url, "t:a")
        await is_followed(redis_server.url, "t:299")
        for listener in listeners:
            await nudged(listener)  # each channel was confirmed
        await publish(redis_server.url, "t:a")
        await asyncio.gather(*(nudged(listener) for listener in listeners))
        await publish(redis_server.url, "t:7")
        await nudged(listeners[7])
        with pytest.raises(TimeoutError):
            await nudged(listeners[8], 0.2)


async def test_a_channel_is_left_with_its_last_listener(redis_server: EmbeddedRedis) -> None:
    async with opened(redis_server.url) as channels:
        async with channels.listen("t:last"):
            async with channels.listen("t:last"):
                await is_followed(redis_server.url, "t:last")
            async with channels.listen("t:other"):
                await is_followed(redis_server.url, "t:other")
            assert await subscribers(redis_server.url, "t:last") == [1]
        await is_followed(redis_server.url, "t:last", 0)
        async with channels.listen("t:last") as again:
            await is_followed(redis_server.url, "t:last")
            await nudged(again)


async def test_after_redis_was_gone_everybody_looks_and_hears_again(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as redis:
        async with (
            opened(redis.url) as channels,
            channels.listen("t:b") as one,
            channels.listen("t:c") as two,
        ):
            await is_followed(redis.url, "t:c")
            await nudged(one)
            await nudged(two)
            redis.kill()
            await until(lambda: not channels.is_connected, "the loss of Redis")
            redis.start()
            await nudged(one, 10)
            await nudged(two, 10)
            await is_followed(redis.url, "t:b")
            await publish(redis.url, "t:b")
            await nudged(one)


async def test_a_hint_reaches_this_process_even_without_redis() -> None:
    waker = RedisWaker("redis://127.0.0.1:1/0", {})
    async with waker.listen("t:d") as hints:
        waker.announce("t:d", {})
        await nudged(hints, 0.5)
    await waker.close()


async def test_without_redis_each_round_ends_by_itself() -> None:
    async with opened("redis://127.0.0.1:1/0") as channels, channels.listen("t:e") as hints:
        await nudged(hints, channels_module.ROUND_SECONDS_WITHOUT_REDIS + 2)


def test_turns_are_given_to_those_who_waited_longest() -> None:
    listeners = Listeners()
    people = [Listener((f"{number}",)) for number in range(5)]
    for person in people:
        listeners.add(person)
    listeners.nudge_in_turn(3)
    listeners.nudge_in_turn(3)
    listeners.remove(people[1])
    assert len(listeners) == 4
    assert listeners.channels == ["0", "2", "3", "4"]
    listeners.nudge_in_turn(99)


async def test_many_nudges_are_one() -> None:
    listener = Listener(("a",))
    for _ in range(1000):
        listener.nudge()
    await nudged(listener, 0.1)
    with pytest.raises(TimeoutError):
        await nudged(listener, 0.1)
