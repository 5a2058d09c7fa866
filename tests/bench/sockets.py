"""What open connections cost: memory of a real API process with 1,000 idle phones, and how fast they hear.

Part of `python -m tests.bench`; `python -m tests.bench.sockets` takes these measurements alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.notify.deliver import deliver
from city_core.people.open_session import sign_in_person
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from city_demo.embedded.ports import LOOPBACK, free_port
from city_demo.processes import Child
from tests.bench.figures import Figures, keep, machine, spread
from tests.bench.memory import rss_kb
from tests.conftest import TOKEN_KEY, settings_for
from tests.village import found_village
from tests.waiting import until

PHONES, SINGLE_EVENTS, SETTLE_S = 1_000, 30, 20.0
Told = Callable[[], None]


async def sockets(mongod: EmbeddedMongod, redis: EmbeddedRedis, told: Told) -> Figures:
    """Open 1,000 idle phones on an API process of their own, and send them messages."""
    settings = settings_for(mongod, redis.url, mongodb_database=f"bench_{new_id()}")
    async with open_city(settings, app_name="bench") as city:
        try:
            tokens = await _found_crowd(city)
            async with api_of(settings.mongodb_database, mongod, redis) as (api, url):
                figures = await _measure(city, api, url, tokens)
        finally:
            await city.database.client.drop_database(city.database.name)
    told()
    return figures


async def _measure(city: City, api: Child, url: str, tokens: list[str]) -> Figures:
    await _warm_up(url, tokens)
    before = rss_kb(api.pid or 0)
    async with _crowd(url, tokens) as lines:
        began = time.monotonic()
        await _wait_for(lines, "open", len(tokens))
        opened = time.monotonic() - began
        await _all_followed(city, len(tokens))
        busy = _cpu_seconds(api)
        await asyncio.sleep(SETTLE_S)
        idle_cpu, after = _cpu_seconds(api) - busy, rss_kb(api.pid or 0)
        one = [await _one_event(city, lines, number) for number in range(SINGLE_EVENTS)]
        everybody = await _event_to_all(city, lines, len(tokens))
        connections = await _redis_connections(city)
        at_the_end = rss_kb(api.pid or 0)
    return {
        "phones": len(tokens),
        "opened_per_s": round(len(tokens) / opened),
        "rss_before_mb": round(before / 1024, 1),
        "rss_idle_mb": round(after / 1024, 1),
        "growth_mb": round((after - before) / 1024, 1),
        "kb_a_phone": round((after - before) / len(tokens), 1),
        "growth_after_events_mb": round((at_the_end - before) / 1024, 1),
        "idle_cpu_percent": round(100 * idle_cpu / SETTLE_S, 1),
        "redis_connections_of_all": connections,
        "one_event": spread(one, 0.5, 0.95),
        "event_to_all": spread(everybody, 0.5, 0.95),
    }


async def _found_crowd(city: City) -> list[str]:
    await found_village(city)
    model = await city.database.people.find_one({"_id": "officer-1"})
    assert model is not None
    rows = [{**model, "_id": f"p{n:04d}", "phone": f"188{n:08d}"} for n in range(PHONES)]
    await city.database.people.insert_many(rows)
    return [f"Bearer {(await sign_in_person(city, row)).token}" for row in rows]


@asynccontextmanager
async def api_of(
    database: str, mongod: EmbeddedMongod, redis: EmbeddedRedis
) -> AsyncIterator[tuple[Child, str]]:
    port = free_port()
    environment = {
        **os.environ, "MONGODB_URL": mongod.url, "MONGODB_DATABASE": database, "REDIS_URL": redis.url,
        "TOKEN_PRIVATE_KEY": TOKEN_KEY, "LOG_LEVEL": "WARNING", "ENVIRONMENT": "development",
        "RATE_SCALE": "1000",
    }  # fmt: skip
    command = [sys.executable, "-m", "city_api.serve", "--host", LOOPBACK, "--port", str(port)]
    with tempfile.TemporaryDirectory() as folder:
        child = Child("api", command, log=Path(folder) / "api.log", environment=environment)
        child.start()
        try:
            url = f"http://{LOOPBACK}:{port}"
            await until(lambda: _answers(url), child.log.read_text)
            yield child, url
        finally:
            child.kill()


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            return (await http.get(f"{url}/health/ready")).is_success
    except httpx.HTTPError:
        return False


async def _warm_up(url: str, tokens: list[str]) -> None:
    async with _crowd(url, tokens[:5]) as lines:
        await _wait_for(lines, "open", 5)


@asynccontextmanager
async def _crowd(url: str, tokens: list[str]) -> AsyncIterator[asyncio.StreamReader]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.socket_crowd",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    given = {"url": f"{url.replace('http', 'ws', 1)}/graphql", "tokens": tokens}
    process.stdin.write(json.dumps(given).encode() + b"\n")
    await process.stdin.drain()
    try:
        yield process.stdout
    finally:
        process.kill()
        await process.wait()


async def _wait_for(lines: asyncio.StreamReader, what: str, count: int) -> list[float]:
    at: list[float] = []
    async with asyncio.timeout(120):
        while len(at) < count:
            said: dict[str, Any] = json.loads(await lines.readline())
            assert said["what"] == what, said
            at.append(said["at"])
    return at


async def _all_followed(city: City, count: int) -> None:
    channels = [f"inbox:p{number:04d}" for number in range(count)]
    async with Redis.from_url(city.settings.redis_url) as redis:

        async def followed() -> bool:
            return sum(n for _, n in await redis.pubsub_numsub(*channels)) == count

        await until(followed, "everybody's channel")


async def _one_event(city: City, lines: asyncio.StreamReader, number: int) -> float:
    began = time.time()
    await deliver(city, f"p{number * 7:04d}", "TASK_ASSIGNED", "c1", number)
    return (await _wait_for(lines, "heard", 1))[0] - began


async def _event_to_all(city: City, lines: asyncio.StreamReader, count: int) -> list[float]:
    """Time each phone's message from the moment at which the first of all hints goes out."""
    people = [f"p{number:04d}" for number in range(count)]
    row = {
        "kind": "EMERGENCY_STARTED", "case_id": "e1", "seq": 1, "created_at": city.clock.now(),
        "read_at": None, "pushes": [], "work": [],
    }  # fmt: skip
    messages = [{**row, "_id": new_id(), "person_id": who} for who in people]
    await city.database.inbox_messages.insert_many(messages)
    began = time.time()
    for who in people:
        city.waker.announce(f"inbox:{who}", {"seq": 1})
    return [at - began for at in await _wait_for(lines, "heard", count)]


async def _redis_connections(city: City) -> int:
    async with Redis.from_url(city.settings.redis_url) as redis:
        return len(await redis.client_list())


def _cpu_seconds(child: Child) -> float:
    fields = Path(f"/proc/{child.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def alone() -> Figures:
    """Take these measurements on servers of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="yiwang-sockets-", ignore_cleanup_errors=True) as folder,
        EmbeddedMongod(Path(folder) / "mongod") as mongod,
        EmbeddedRedis(Path(folder) / "redis") as redis,
    ):
        return {"machine": machine(), **await sockets(mongod, redis, lambda: None)}


def main() -> int:
    """Measure, print and keep the figures."""
    figures = asyncio.run(alone())
    print(json.dumps(figures, indent=2))
    keep("sockets", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
