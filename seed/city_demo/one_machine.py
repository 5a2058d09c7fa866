"""The city on one machine, step by step: servers, data, processes, the morning, and an orderly end."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import inspect
import os
import signal
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from city_demo.announce import announce
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from city_demo.embedded.ports import LOOPBACK, free_port, require_free_port
from city_demo.embedded.problems import last_lines
from city_demo.embedded.tied import end_tied, start_tied, wait_until
from city_demo.fake_fcm import service_account
from city_demo.home import Home
from city_demo.options import Options, optional_port, port_from, require_packages
from city_demo.processes import Child, Supervisor

PROJECT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = ("backend", "graphql", "workers", "seed")
ACCOUNTS = PROJECT / "seed" / "demo" / "accounts.json"
MORNING = "city_demo.morning"
READY_LIMIT_S = 60.0
WORKER_READY = "worker_ready"
DEFAULT_PORT = "8080"


class StepFailed(Exception):
    """A step towards the running city failed; the message says which and where to look."""


@dataclass(frozen=True)
class Addresses:
    """Where the running city is reached."""

    api: str
    fcm: str


def run_city(options: Options) -> int:
    """Starts the city, plays the morning, waits for Ctrl-C, and stops everything that was started."""
    port = port_from("PORT", DEFAULT_PORT)
    home = Home(options.home)
    with home.locked(), stopped_by_signals():
        require_free_port(port, setting="PORT")
        require_packages()
        supervisor = Supervisor()
        try:
            addresses = start_city(home, supervisor, port)
            succeeded = play_morning(home, addresses) if options.plays_morning else True
            if not options.ends_after_morning:
                announce(addresses.api, addresses.fcm, logs=home.logs, accounts=ACCOUNTS)
                wait_for_the_end()
            return 0 if succeeded else 1
        finally:
            end_city(supervisor)


def start_city(home: Home, supervisor: Supervisor, port: int) -> Addresses:
    """Brings the city up to the point where phones can sign in."""
    api = f"http://{LOOPBACK}:{port}"
    environment = city_environment(home, api)
    environment |= start_servers(home, supervisor)
    fcm = start_fake_fcm(home, supervisor, environment)
    load_city(environment)
    start_processes(home, supervisor, environment, port)
    supervisor.watch()
    return Addresses(api, fcm)


def city_environment(home: Home, api: str) -> dict[str, str]:
    """Collects what every process of the city finds in its environment; the operator's own values win."""
    roots = [str(PROJECT / root) for root in SOURCE_ROOTS if (PROJECT / root).is_dir()]
    path = os.pathsep.join(filter(None, [*roots, os.environ.get("PYTHONPATH")]))
    defaults = {"MONGODB_DATABASE": "yiwang", "PUBLIC_URL": api, "ENVIRONMENT": "development"}
    return {**defaults, **home.secrets(), **os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def start_servers(home: Home, supervisor: Supervisor) -> dict[str, str]:
    """Starts a MongoDB and a Redis here, unless the environment names running ones."""
    urls: dict[str, str] = {}
    if not os.environ.get("MONGODB_URL"):
        mongod = EmbeddedMongod(home.mongod, port=optional_port("MONGODB_PORT"), log=home.fresh_log("mongod"))
        _start(supervisor, mongod)
        urls["MONGODB_URL"] = mongod.url
    if not os.environ.get("REDIS_URL"):
        redis = EmbeddedRedis(home.redis, port=optional_port("REDIS_PORT"), log=home.fresh_log("redis"))
        _start(supervisor, redis)
        urls["REDIS_URL"] = redis.url
    return urls


def start_fake_fcm(home: Home, supervisor: Supervisor, environment: dict[str, str]) -> str:
    """Starts the stand-in for the push provider and points the city's pushes at it."""
    port = optional_port("FCM_PORT") or free_port()
    require_free_port(port, setting="FCM_PORT")
    url = f"http://{LOOPBACK}:{port}"
    environment |= {
        "PUSH_GATEWAY": "fcm",
        "FCM_ENDPOINT": url,
        "FCM_SERVICE_ACCOUNT": str(home.keep_service_account(service_account(url))),
    }
    fake = _python(home, "fake-fcm", environment, "city_demo.fake_fcm", "--port", str(port))
    _start(supervisor, fake)
    _wait_until_ready(fake, f"{url}/health")
    return url


def load_city(environment: Mapping[str, str]) -> None:
    """Loads districts, catalogue, people and demo photos; what is loaded already stays."""
    print("Loading the city …", flush=True)
    loading = start_tied([sys.executable, "-m", "city_seed.load"], log=None, environment=environment)
    try:
        code = loading.wait()
    finally:
        end_tied(loading, grace_s=5)
    if code != 0:
        raise StepFailed(f"Loading the city failed with code {code}; what it printed is above.")


def start_processes(home: Home, supervisor: Supervisor, environment: dict[str, str], port: int) -> None:
    """Starts API, jobs worker and detection worker, and waits until all of them are ready."""
    serve = ("--factory", "city_api.app:create_app", "--host", LOOPBACK, "--port", str(port))
    manners = ("--timeout-graceful-shutdown", "5", "--no-access-log", "--no-proxy-headers")
    api = _python(home, "api", environment, "uvicorn", *serve, *manners, "--ws-max-size", "262144")
    jobs = _python(home, "jobs-worker", environment, "city_workers.main")
    detection = _python(home, "detection-worker", environment, "city_workers.detection.main")
    for process in (api, jobs, detection):
        _start(supervisor, process)
    _wait_until_ready(api, f"http://{LOOPBACK}:{port}/health/ready")
    for worker in (jobs, detection):
        _wait_until(worker, partial(_says_ready, worker))


def play_morning(home: Home, addresses: Addresses) -> bool:
    """Plays one morning of the city with scripted phones; false when it went wrong, the city stays up."""
    if importlib.util.find_spec(MORNING) is None:
        return True
    try:
        played: Any = importlib.import_module(MORNING).play(addresses.api, addresses.fcm)
        if inspect.isawaitable(played):
            played = asyncio.run(_finish(played))
    except Exception as error:  # whatever a script of phones runs into, the operator keeps the city
        log = home.fresh_log("morning")
        log.write_text(traceback.format_exc())
        print(f"The morning stopped: {type(error).__name__}: {error} ({log})", file=sys.stderr, flush=True)
        return False
    return played is not False


async def _finish(played: Awaitable[Any]) -> Any:
    return await played


def wait_for_the_end() -> None:
    """Waits until Ctrl-C or a stop signal."""
    threading.Event().wait()


def end_city(supervisor: Supervisor) -> None:
    """Stops everything that was started; from here on Ctrl-C cannot leave anything half stopped."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    print("\nStopping the city …", flush=True)
    supervisor.stop()
    print("Stopped. The data stays for the next start.", flush=True)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Makes a stop signal, and the end of the terminal, do what Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _python(home: Home, name: str, environment: dict[str, str], module: str, *arguments: str) -> Child:
    command = [sys.executable, "-m", module, *arguments]
    return Child(name, command, log=home.fresh_log(name), environment=environment)


def _start(supervisor: Supervisor, service: Any) -> None:
    print(f"Starting {service.name} …", flush=True)
    supervisor.start(service)


def _wait_until_ready(process: Child, url: str) -> None:
    def answers() -> bool:
        try:
            return client.get(url).is_success
        except httpx.HTTPError:
            return False

    with httpx.Client(trust_env=False, timeout=2) as client:
        _wait_until(process, answers)


def _says_ready(worker: Child) -> bool:
    return WORKER_READY in worker.log.read_text(errors="replace")


def _wait_until(process: Child, is_ready: Callable[[], bool]) -> None:
    wait_until(lambda: is_ready() or not process.is_running, seconds=READY_LIMIT_S, every_s=0.1)
    if process.is_running and is_ready():
        return
    why = f"was not ready within {READY_LIMIT_S:.0f} s" if process.is_running else "ended while starting"
    raise StepFailed(f"{process.name} {why}. Last lines of {process.log}:\n{last_lines(process.log)}")
