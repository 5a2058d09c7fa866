"""How many questions of what is near a core answers in a second: in one process, and over HTTP.

Eight are asked at a time, for some seconds. What the asking process itself computes is counted by its own
CPU time, MongoDB's by its own: so the figures stand though all of it shares the machine.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import psutil

from city_core.settings import Settings
from city_demo.embedded.ports import LOOPBACK, free_port
from city_demo.embedded.tied import wait_until
from city_demo.processes import Child
from tests.bench.figures import Figures, spread
from tests.bench.places import http_questions as http
from tests.bench.places import near_questions as near
from tests.bench.places.asked import Asked, Question
from tests.bench.places.standing import Standing, signed_in, token_of

SECONDS, AT_ONCE, PLACES = 4.0, 8, 400
START_LIMIT_S = 60.0
ROOT = Path(__file__).parents[3]
NEAR: Mapping[str, Question] = {
    "nearest 20 cases": near.cases("leader-001"),
    "nearest 20 of a layer": near.points(),
    "nearest 20 of a layer, open now": near.points(open_now=True),
    "nearest 20 components, 200 m": near.components(200),
    "nearest 10 officers": near.officers,
    "point -> grid": near.grid_of,
}
OVER_HTTP: Mapping[str, Question] = {
    "nearest 20 cases": http.over_http(http.NEAREST_CASES),
    "nearest 20 of a layer": http.over_http(http.NEARBY),
    "nearest 10 officers": http.over_http(http.NEAREST_OFFICERS),
}
RATES = len(NEAR) + len(OVER_HTTP)
Told = Callable[[], None]


async def throughput(city: Standing, folder: Path, told: Told, *, seconds: float = SECONDS) -> Figures:
    """Ask a city as fast as it answers, in this process and over HTTP of a process of its own."""
    askings = [city.asking(number) for number in range(PLACES)]
    found: Figures = {}
    for name, question in NEAR.items():
        found[name] = await _rate(question, askings, city, psutil.Process(), seconds)
        told()
    with ExitStack() as stack:
        api, address = await asyncio.to_thread(_start_api, stack, city, folder)
        async with signed_in(address, await token_of(city.city, "leader-001")) as client:
            askings = [replace(asking, http=client) for asking in askings]
            for name, question in OVER_HTTP.items():
                found[f"HTTP: {name}"] = await _rate(question, askings, city, api, seconds)
                told()
    return found


async def _rate(
    question: Question, askings: list[Asked], city: Standing, process: psutil.Process, seconds: float
) -> Figures:
    for asking in askings[:AT_ONCE]:
        await question(asking)
    mongod, taken = psutil.Process(city.mongod.pid), list[float]()
    before = _cpu(process), _cpu(mongod)
    began = time.perf_counter()
    ends = began + seconds

    async def ask(turn: int) -> None:
        while (start := time.perf_counter()) < ends:
            await question(askings[(len(taken) + turn) % len(askings)])
            taken.append(time.perf_counter() - start)

    await asyncio.gather(*(ask(turn) for turn in range(AT_ONCE)))
    lasted = time.perf_counter() - began
    own, theirs = _cpu(process) - before[0], _cpu(mongod) - before[1]
    return {
        "per_s": round(len(taken) / lasted),
        "per_s_and_core_of_the_process": round(len(taken) / max(own, 0.01)),
        "per_s_and_core_with_mongodb": round(len(taken) / max(own + theirs, 0.01)),
        "process_ms_each": round(own * 1000 / len(taken), 2),
        "mongodb_ms_each": round(theirs * 1000 / len(taken), 2),
        **spread(taken, 0.5, 0.95),
    }


def _start_api(stack: ExitStack, city: Standing, folder: Path) -> tuple[psutil.Process, str]:
    """Start the API on the city in a process of its own."""
    port = free_port()
    address = f"http://{LOOPBACK}:{port}"
    child = Child(
        "api",
        [sys.executable, "-m", "tests.bench.places.api", "--port", str(port)],
        log=folder / "api.log",
        environment=environment_of(city.city.settings),
    )
    stack.callback(child.kill)
    child.start()
    assert wait_until(lambda: _is_ready(address), seconds=START_LIMIT_S), child.log.read_text()[-2000:]
    return psutil.Process(child.pid), address


def environment_of(settings: Settings) -> dict[str, str]:
    """Give a process of the city the settings that this one has."""
    roots = os.pathsep.join(str(ROOT / root) for root in ("backend", "graphql", "workers", "seed", "."))
    return {
        **os.environ,
        "PYTHONPATH": roots,
        "MONGODB_URL": settings.mongodb_url,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "TOKEN_PRIVATE_KEY": settings.token_private_key.get_secret_value(),
        "ENVIRONMENT": "development",
        "RATE_SCALE": "1000",
    }


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _cpu(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)
