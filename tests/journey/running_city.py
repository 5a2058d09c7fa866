"""A whole city in real processes with a folder of its own, each of which can be killed and started again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx
from pymongo import MongoClient
from pymongo.database import Database

from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from city_demo.embedded.ports import LOOPBACK, free_port
from city_demo.embedded.tied import wait_until
from city_demo.fake_fcm import service_account
from city_demo.home import Home
from city_demo.processes import Child

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = ("backend", "graphql", "workers", "seed")
START_LIMIT_S = 90.0
WORK_COLLECTIONS = ("cases", "photos", "inbox_messages")
# What the machine's operator has set for a city of their own must not reach this one.
FOREIGN = ("MONGODB_URL", "REDIS_URL", "MONGODB_DATABASE", "PUBLIC_URL")
Row = dict[str, Any]


class RunningCity:
    """MongoDB, Redis, fake push service, API and both workers; `settings` go into their environment."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.home = Home(folder)
        self.port, fcm_port = free_port(), free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.fcm_url = f"http://{LOOPBACK}:{fcm_port}"
        self.mongod = EmbeddedMongod(self.home.mongod)
        self.redis = EmbeddedRedis(self.home.redis)
        self._settings = settings
        self._environment: dict[str, str] = {}
        self.fcm = self._child("fake-fcm", "city_demo.fake_fcm", "--port", str(fcm_port))
        self.api = self._child(
            "api", "city_api.serve", "--host", LOOPBACK, "--port", str(self.port), "--graceful-seconds", "2"
        )  # fmt: skip
        self.jobs = self._child("jobs-worker", "city_workers.main")
        self.detection = self._child("detection-worker", "city_workers.detection.main")

    @property
    def api_log(self) -> Path:
        return self.api.log

    @property
    def database(self) -> Database[Row]:
        """The records themselves, to look behind the API."""
        return self._client["yiwang"]

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for child in (self.detection, self.jobs, self.api, self.fcm):
            child.kill()
        self.redis.kill()
        self.mongod.kill()

    def wait_until_working(self, worker: Child) -> None:
        """Wait until a worker that was just started takes work."""
        assert wait_until(lambda: _says(worker, "worker_ready"), seconds=START_LIMIT_S), (
            worker.log.read_text()
        )

    def restart(self, worker: Child) -> None:
        """Start a killed process again; it takes work when this returns."""
        worker.log.write_text("")
        worker.start()
        self.wait_until_working(worker)

    def open_work(self) -> list[str]:
        """Name everything that is still to be done; escalation and rungs wait for their hour."""
        return [
            f"{collection}/{row['_id']}: {item['kind']}, attempt {item['attempts']}"
            for collection in WORK_COLLECTIONS
            for row in self.database[collection].find({"work.0": {"$exists": True}}, {"work": 1})
            for item in row["work"]
            if item["kind"] not in ("escalate", "climb")
        ]

    def count_work(self, kind: str) -> int:
        """Count the cases and photos for which work of this kind is still to be done."""
        wanted = {"work.kind": kind}
        return sum(self.database[name].count_documents(wanted) for name in ("cases", "photos"))

    def claimed_work(self) -> list[str]:
        """Name the kinds of work that somebody is doing at this moment."""
        return [
            item["kind"]
            for collection in WORK_COLLECTIONS
            for row in self.database[collection].find({"work.token": {"$type": "string"}}, {"work": 1})
            for item in row["work"]
            if item["token"] is not None
        ]

    def _start(self) -> None:
        self.mongod.start()
        self.redis.start()
        self._client: MongoClient[Row] = MongoClient(self.mongod.url, tz_aware=True)
        self._environment.update(self._all_settings())
        self.fcm.start()
        for child in (self.api, self.jobs, self.detection):
            if child is self.api:
                seed = [sys.executable, "-m", "city_seed.load", "--quiet"]
                subprocess.run(seed, env=self._environment, check=True, timeout=START_LIMIT_S)
            child.start()
        assert wait_until(lambda: _answers(f"{self.fcm_url}/health"), seconds=START_LIMIT_S)
        ready = wait_until(lambda: _answers(f"{self.url}/health/ready"), seconds=START_LIMIT_S)
        assert ready, self.api.log.read_text()
        self.wait_until_working(self.jobs)
        self.wait_until_working(self.detection)

    def _all_settings(self) -> dict[str, str]:
        account = self.home.keep_service_account(service_account(self.fcm_url))
        path = os.pathsep.join(str(ROOT / root) for root in SOURCE_ROOTS)
        mine = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return {
            **mine,
            **self.home.secrets(),
            "PYTHONPATH": path,
            "PYTHONUNBUFFERED": "1",
            "MONGODB_URL": self.mongod.url,
            "MONGODB_DATABASE": "yiwang",
            "REDIS_URL": self.redis.url,
            "PUBLIC_URL": self.url,
            "ENVIRONMENT": "development",
            "PUSH_GATEWAY": "fcm",
            "FCM_ENDPOINT": self.fcm_url,
            "FCM_SERVICE_ACCOUNT": str(account),
            **self._settings,
        }

    def _child(self, name: str, module: str, *arguments: str) -> Child:
        command = [sys.executable, "-m", module, *arguments]
        return Child(name, command, log=self.home.logs / f"{name}.log", environment=self._environment)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _says(child: Child, word: str) -> bool:
    return child.log.exists() and word in child.log.read_text(errors="replace")
