"""Processes that are told to stop (SIGTERM): code 0 within 20 s, nothing lost, work given back at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from city_api.sync.http import WaitingRoom
from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.work import WorkItem
from city_core.people.open_session import sign_in_person
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from city_demo.embedded.ports import free_port
from tests.api.support import Api, closing, new_uuid, operation, subscribe
from tests.conftest import settings_for
from tests.village import INSIDE, found_village
from tests.waiting import until

SOCKETS, REPORTS = 50, 30
PHONE_OWNERS = ("officer-1", "officer-2", "inspector-1", "inspector-2", "citizen-1")
LONGEST_STOP_SECONDS = 20.0


@pytest.fixture(scope="module")
async def town(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    settings = settings_for(
        mongod, redis_server.url, mongodb_database="test_stopping", work_sweep_seconds=0.5, drain_seconds=2
    )
    async with open_city(settings, app_name="test") as city:
        people = await found_village(city)
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            yield Api(city, people, "", http)
        await city.database.client.drop_database(city.database.name)


@contextlib.contextmanager
def process_of(city: City, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    given = city.settings
    environment = {
        **os.environ, "MONGODB_URL": given.mongodb_url, "MONGODB_DATABASE": given.mongodb_database,
        "REDIS_URL": given.redis_url, "TOKEN_PRIVATE_KEY": given.token_private_key.get_secret_value(),
        "WORK_SWEEP_SECONDS": "0.5", "DRAIN_SECONDS": "2", "ENVIRONMENT": "development",
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


async def slow_work(city: City, seconds: float) -> str:
    work = WorkItem("slow", "slow", city.clock.now(), {"seconds": seconds})
    row = {"_id": new_id(), "client_id": new_id(), "begun": 0, "done": 0, "work": [work.row()]}
    await city.database.emergencies.insert_one(row)
    return str(row["_id"])


async def test_a_worker_finishes_what_ends_soon_and_gives_the_rest_to_another_at_once(town: Api) -> None:
    city = town.city
    with process_of(city, "tests.steady.slow_worker") as first:
        soon, never = await slow_work(city, 1.0), await slow_work(city, 600.0)

        async def both_begun() -> bool:
            return await city.database.emergencies.count_documents({"begun": 1}) == 2

        await until(both_begun, "two jobs under way")
        took = await stopped(first)
    done = await city.database.emergencies.find_one({"_id": soon})
    assert done is not None and (done["begun"], done["done"], done["work"]) == (1, 1, [])
    given_back = await city.database.emergencies.find_one({"_id": never})
    assert given_back is not None
    [item] = given_back["work"]
    assert (item["attempts"], item["token"], item["given_up"]) == (0, None, False)
    assert item["due_at"] <= city.clock.now()  # not when its lease of 30 s would have ended
    print(f"worker stopped in {took:.1f} s")


async def wait_until_ready(http: httpx.AsyncClient, address: str) -> None:
    async def answers() -> bool:
        try:
            return (await http.get(f"{address}/health/ready")).is_success
        except httpx.HTTPError:
            return False

    await until(answers, "the API")


async def test_an_api_answers_what_it_has_begun_and_sends_its_phones_elsewhere(town: Api) -> None:
    city, port = town.city, free_port()
    address = f"http://127.0.0.1:{port}"
    person = await city.database.people.find_one({"_id": "inspector-1"})
    who = {"authorization": f"Bearer {(await sign_in_person(city, person)).token}"}
    body = {"query": operation("inspector", "SubmitReport"), "operationName": "SubmitReport"}
    answered: list[Any] = []

    async def report_again_and_again() -> None:
        """Report until the process takes no more; what was acknowledged is kept."""
        with contextlib.suppress(httpx.TransportError):
            while True:
                point = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5}
                given = {
                    "clientId": new_uuid(), "point": point, "typeCode": "E0110", "conditionId": "E0110-1",
                    "description": "垃圾",
                }  # fmt: skip
                answer = await town.http.post(
                    f"{address}/graphql", json={**body, "variables": {"input": given}}, headers=who
                )
                answered.append((answer.status_code, answer.json()))

    with process_of(city, "city_api.serve", "--port", str(port)) as api:
        await wait_until_ready(town.http, address)
        async with contextlib.AsyncExitStack() as stack:
            owners = [PHONE_OWNERS[number % len(PHONE_OWNERS)] for number in range(SOCKETS)]
            phones = [await stack.enter_async_context(town.phone(owner, at=address)) for owner in owners]
            await subscribe(phones[0], operation("officer", "InboxMessages"))
            reporting = [asyncio.create_task(report_again_and_again()) for _ in range(4)]
            await until(lambda: len(answered) >= REPORTS, "reports")
            took = await stopped(api)
            codes = [(await closing(phone))[0] for phone in phones]
            await asyncio.gather(*reporting)
    assert set(codes) == {1012}
    assert {status for status, _ in answered} <= {200}
    ids = [found["data"]["submitReport"]["id"] for _, found in answered]
    assert await city.database.cases.count_documents({"_id": {"$in": ids}}) == len(set(ids)) == len(ids)
    print(f"API stopped in {took:.1f} s under load, {len(ids)} reports acknowledged")


async def test_who_waits_for_news_is_sent_home_when_the_process_stops() -> None:
    room = WaitingRoom()

    async def wait() -> None:
        async with room.no_longer_than(60):
            await asyncio.Event().wait()

    waits = [asyncio.create_task(wait()) for _ in range(3)]
    await asyncio.sleep(0)
    room.send_home()
    ended = await asyncio.gather(*waits, wait(), return_exceptions=True)
    assert [type(end) for end in ended] == [TimeoutError] * 4


async def test_the_jobs_worker_gives_its_duty_back(town: Api) -> None:
    with process_of(town.city, "city_workers.main") as worker:
        feed = town.city.database.sync_feed
        await until(lambda: feed.find_one({"leased_until": {"$gt": town.city.clock.now()}}), "the feeder")
        took = await stopped(worker)
    lease = await town.city.database.sync_feed.find_one({})
    assert lease is not None and lease["leased_until"] <= town.city.clock.now()
    print(f"jobs worker stopped in {took:.1f} s")
