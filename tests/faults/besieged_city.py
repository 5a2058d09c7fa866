"""A running city on a replica set of three, with two API processes and two workers, all of which can die."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import httpx
from pymongo import MongoClient

from city_demo.embedded.ports import LOOPBACK, free_port
from city_demo.embedded.tied import wait_until
from city_demo.processes import Child
from tests.faults.replica_set import ReplicaSet
from tests.journey.running_city import START_LIMIT_S, Row, RunningCity

# Short leases, so that work of a killed process comes back while the trial lasts.
SETTINGS = {"WORK_LEASE_SECONDS": "5", "WORK_SWEEP_SECONDS": "0.5", "LOG_LEVEL": "WARNING"}
LATER_RUNGS = ("text", "call", "relay")


class BesiegedCity(RunningCity):
    """A city without detection, whose parts can be taken from it one by one."""

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder, **SETTINGS, **settings)
        self.truth = ReplicaSet(self.home.mongod)
        port = free_port()
        self.second_url = f"http://{LOOPBACK}:{port}"
        self.second_api = self._child(
            "api-2", "city_api.serve", "--host", LOOPBACK, "--port", str(port), "--graceful-seconds", "2"
        )  # fmt: skip
        self.second_jobs = self._child("jobs-worker-2", "city_workers.main")
        self.mortal: list[Child] = [self.api, self.second_api, self.jobs, self.second_jobs]

    @property
    def urls(self) -> list[str]:
        """The addresses that phones reach the city at."""
        return [self.url, self.second_url]

    def __exit__(self, *_: object) -> None:
        for child in (*self.mortal, self.fcm):
            child.kill()
        self.redis.kill()
        self.truth.kill()

    def open_work(self) -> list[str]:
        """Name what is still to be done for reports; later rungs of unanswered messages take hours."""
        return [item for item in super().open_work() if item.split(": ")[1].split(",")[0] not in LATER_RUNGS]

    def is_ready(self) -> bool:
        """Tell whether both API processes can do everything."""
        return all(_is_well(f"{url}/health/ready") for url in self.urls)

    def is_alive(self) -> bool:
        """Tell whether both API processes answer, whatever they lack."""
        return all(_is_well(f"{url}/health/live") for url in self.urls)

    def kill_one(self, chance: random.Random) -> Child:
        """Kill one of the city's own processes, as the machine's memory guard would."""
        victim = chance.choice(self.mortal)
        victim.kill()
        return victim

    def _start(self) -> None:
        self.truth.start()
        self.redis.start()
        self._client: MongoClient[Row] = MongoClient(self.truth.url, tz_aware=True)
        self.mongod = self.truth  # type: ignore[assignment]
        self._environment.update(self._all_settings())
        self.fcm.start()
        seed = [sys.executable, "-m", "city_seed.load", "--quiet"]
        subprocess.run(seed, env=self._environment, check=True, timeout=START_LIMIT_S)
        for child in self.mortal:
            child.start()
        assert wait_until(lambda: _is_well(f"{self.fcm_url}/health"), seconds=START_LIMIT_S)
        assert wait_until(self.is_ready, seconds=START_LIMIT_S, every_s=0.1), self.api.log.read_text()


def _is_well(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
