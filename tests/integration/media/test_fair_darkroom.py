"""Somebody sends many photos that take as long as photos may: everybody else hardly notices."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from city_core.bootstrap import open_city
from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.media.store import keep_photo
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.conftest import settings_for
from tests.hostile_photos import of_many_scans, photo
from tests.village import INSIDE, found_village
from tests.waiting import until

MANY = 40
DRAFT = ReportDraft("E0110", "E0110-1", "垃圾", *INSIDE, "WGS84", 8.0, "", [])


@pytest.fixture
async def woken(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[City]:
    """A city whose jobs are done by a real process."""
    settings = settings_for(
        mongod, redis_server.url, mongodb_database="test_fairness", work_sweep_seconds=0.5
    )
    async with open_city(settings, app_name="test") as city:
        yield city
        await city.database.client.drop_database(city.database.name)


@contextmanager
def worker_in(environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "city_workers.main"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def test_one_persons_slow_photos_hold_up_neither_reports_nor_the_photos_of_others(woken: City) -> None:
    people = await found_village(woken)
    slow = of_many_scans(99, (4_000, 3_000))
    for number in range(MANY):
        data = slow + number.to_bytes(4, "big")
        await keep_photo(woken, "citizen-2", uuid.uuid4().hex, data)
    honest = await keep_photo(woken, "citizen-1", uuid.uuid4().hex, photo())
    case = await submit_report(
        woken, people["inspector-1"], Command(str(uuid.uuid4()), None, "phone:test"), DRAFT
    )
    settings = woken.settings
    environment = {
        **os.environ,
        "MONGODB_URL": settings.mongodb_url,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "TOKEN_PRIVATE_KEY": settings.token_private_key.get_secret_value(),
        "WORK_SWEEP_SECONDS": "0.5",
    }

    async def others_are_served() -> bool:
        found = await woken.database.photos.find_one({"_id": honest["_id"]})
        report = await woken.database.cases.find_one({"_id": case["_id"]})
        assert found is not None and report is not None
        return found["state"] == "READY" and report["state"] == "DISPATCHED"

    with worker_in(environment):
        await until(others_are_served, "the others' photo and report", seconds=90)
    waiting = await woken.database.photos.count_documents({"owner_id": "citizen-2", "state": "RECEIVED"})
    assert waiting >= MANY // 2
