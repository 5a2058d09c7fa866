"""Real processes of a city, and how long they take to end when they are told to."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from city_core.kit.city import City
from tests.waiting import until

LONGEST_STOP_SECONDS = 20.0


@contextlib.contextmanager
def process_of(city: City, *command: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module as a process of this city; `more` goes into its environment."""
    given = city.settings
    environment = {
        **os.environ, "MONGODB_URL": given.mongodb_url, "MONGODB_DATABASE": given.mongodb_database,
        "REDIS_URL": given.redis_url, "TOKEN_PRIVATE_KEY": given.token_private_key.get_secret_value(),
        "WORK_SWEEP_SECONDS": "0.5", "DRAIN_SECONDS": "2", "ENVIRONMENT": "development", **more,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", *command], env=environment, stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def stopped(process: subprocess.Popen[bytes]) -> float:
    """Tell a process to stop and hear how long it took; it must end with code 0."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    await until(lambda: process.poll() is not None, "the end of the process", seconds=LONGEST_STOP_SECONDS)
    assert process.returncode == 0
    return time.monotonic() - began


async def wait_until_ready(http: httpx.AsyncClient, address: str) -> None:
    """Wait until an API says that it can serve."""

    async def answers() -> bool:
        try:
            return (await http.get(f"{address}/health/ready")).is_success
        except httpx.HTTPError:
            return False

    await until(answers, "the API")
