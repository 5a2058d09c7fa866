"""The jobs worker as a real process: woken over Redis, sweeping without it, restarted after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from city_core.bootstrap import open_city
from city_core.cases.command import Command
from city_core.cases.escalation import ESCALATION_RULES
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import publish
from city_core.people.roles import Actor
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.conftest import settings_for
from tests.village import INSIDE, found_village
from tests.waiting import until

DRAFT = ReportDraft("E0110", "E0110-1", "垃圾", *INSIDE, "WGS84", 8.0, "", [])


@pytest.fixture
async def woken(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[City]:
    """A city whose wake-ups go over a real Redis."""
    settings = settings_for(
        mongod,
        redis_server.url,
        mongodb_database="test_workers",
        work_sweep_seconds=0.5,
        work_lease_seconds=2,
    )
    async with open_city(settings, app_name="test") as city:
        yield city
        await city.database.client.drop_database(city.database.name)


@contextmanager
def worker_of(city: City) -> Iterator[subprocess.Popen[bytes]]:
    settings = city.settings
    environment = {
        **os.environ,
        "MONGODB_URL": settings.mongodb_url,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "TOKEN_PRIVATE_KEY": settings.token_private_key.get_secret_value(),
        "WORK_SWEEP_SECONDS": str(settings.work_sweep_seconds),
        "WORK_LEASE_SECONDS": str(settings.work_lease_seconds),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "city_workers.main"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def case_when_done(city: City, case_id: str) -> Row:
    async def look() -> Row | None:
        case = await city.database.cases.find_one({"_id": case_id})
        return case if case is not None and is_done(case) else None

    return await until(look)


def is_done(case: Row) -> bool:
    return case["state"] == "DISPATCHED" and {item["kind"] for item in case["work"]} <= {"escalate"}


async def report(city: City, actor: Actor) -> str:
    case = await submit_report(city, actor, Command(str(uuid.uuid4())), DRAFT)
    return str(case["_id"])


async def test_reports_are_dispatched_and_a_killed_worker_loses_nothing(woken: City) -> None:
    people = await found_village(woken)
    with worker_of(woken) as first:
        await case_when_done(woken, await report(woken, people["inspector-1"]))
        waiting = [await report(woken, people["inspector-1"]) for _ in range(10)]
        first.send_signal(signal.SIGKILL)
        first.wait()
    waiting += [await report(woken, people["inspector-2"])]
    with worker_of(woken):
        for case_id in waiting:
            case = await case_when_done(woken, case_id)
            assert [row["action"] for row in case["history"]] == ["SUBMIT", "ADMIT", "FILE", "DISPATCH"]
            told = {"case_id": case_id, "kind": "TASK_ASSIGNED"}
            await until(partial(woken.database.inbox_messages.find_one, told))
            assert await woken.database.inbox_messages.count_documents(told) == 1


async def test_without_redis_the_sweep_does_everything(woken: City, redis_server: EmbeddedRedis) -> None:
    people = await found_village(woken)
    with worker_of(woken) as worker:
        await case_when_done(woken, await report(woken, people["inspector-1"]))
        redis_server.kill()
        try:
            await case_when_done(woken, await report(woken, people["inspector-2"]))
        finally:
            redis_server.restart()
        await case_when_done(woken, await report(woken, people["inspector-1"]))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(18) == 0


async def test_the_worker_feeds_the_scopes_of_phones_and_hands_the_duty_on(woken: City) -> None:
    people = await found_village(woken)
    for _ in range(2):
        with worker_of(woken) as worker:
            case_id = await report(woken, people["inspector-1"])
            mine = {"scope": "reports:inspector-1", "document_id": case_id}
            await until(partial(woken.database.sync_entries.find_one, mine))
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0
        lease = await woken.database.sync_feed.find_one({})
        assert lease is not None and lease["leased_until"] <= woken.clock.now()


LADDER = ("DISPATCHER", "SHIFT_LEADER", "STREET_LEADER")


async def climb_at_once(city: City) -> None:
    """Let whoever is told of an unassigned case be told at once, rung after rung."""
    steps = [
        {"stage": "*", "step": step, "kind": "UNASSIGNED", "at_percent": None, "after_value": 0,
         "after_unit": "urgent_minute", "who": [rung]}
        for step, rung in enumerate(LADDER, start=1)
    ]  # fmt: skip
    first_content = {"steps": steps}
    by = {"by": "administrator-1", "client_id": "c", "input_hash": "h"}
    assert (await publish(city, ESCALATION_RULES, first_content, **by)).faults == []


async def messages(city: City, told: Row, least: int) -> int:
    """Count the messages once there are as many as there have to be."""
    found = await city.database.inbox_messages.count_documents(told)
    return found if found >= least else 0


async def test_two_schedulers_and_a_killed_one_tell_each_step_once(woken: City) -> None:
    people = await found_village(woken)
    await climb_at_once(woken)
    await woken.database.people.update_many({"role": "OFFICER"}, {"$set": {"on_duty": False}})
    with worker_of(woken) as first, worker_of(woken):
        waiting = [await report(woken, people["inspector-1"]) for _ in range(12)]
        await until(partial(woken.database.cases.find_one, {"cards.1": {"$exists": True}}))
        first.send_signal(signal.SIGKILL)
        first.wait()
        for case_id in waiting:
            climbed = {"$elemMatch": {"clock": "HANDLE", "step": len(LADDER)}}
            case = await until(partial(woken.database.cases.find_one, {"_id": case_id, "cards": climbed}))
            cards = [(card["clock"], card["step"], *card["told"]) for card in case["cards"]]
            assert [card for card in cards if card[0] == "HANDLE"] == [
                ("HANDLE", 1, "dispatcher-1"),
                ("HANDLE", 2, "leader-of-shift"),
                ("HANDLE", 3, "leader-of-street"),
            ]
            for person_id in ("dispatcher-1", "leader-of-shift", "leader-of-street"):
                told = {"case_id": case_id, "kind": "CASE_UNASSIGNED", "person_id": person_id}
                steps = [card for card in cards if card[-1] == person_id]
                assert await until(partial(messages, woken, told, len(steps))) == len(steps)
