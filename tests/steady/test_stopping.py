"""Processes that are told to stop (SIGTERM): code 0 within 20 s, nothing lost, work given back at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
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
from tests.api.support import Api, another_api, closing, new_uuid, operation, subscribe
from tests.api.tus_phone import large_photo, phone_of
from tests.conftest import settings_for
from tests.integration.detection.test_looking import GREY, ready_photo
from tests.steady.halfway import halfway
from tests.steady.processes import process_of, stopped, wait_until_ready
from tests.village import INSIDE, found_village
from tests.waiting import until

SOCKETS, REPORTS = 50, 30
PHONE_OWNERS = ("officer-1", "officer-2", "inspector-1", "inspector-2", "citizen-1")


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
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=address, trust_env=False))
            sender = await phone_of(town, "inspector-2", large_photo(400_000), http)
            assert (await sender.begin()).status_code == 201
            upload = await stack.enter_async_context(halfway(sender, address, 300_000))
            await until(lambda: len(answered) >= REPORTS, "reports")
            took = await stopped(api)
            assert b"PHOTO_INTERRUPTED" in await upload.answer()
            codes = [(await closing(phone))[0] for phone in phones]
            await asyncio.gather(*reporting)
    assert set(codes) == {1012}
    async with another_api(town) as next_one:
        sender.http = next_one.http
        assert (await sender.look()).headers["upload-offset"] == str(upload.sent), "what came was kept"
        assert (await sender.send(upload.sent)).status_code == 204
    photo = await city.database.photos.find_one({"owner_id": "inspector-2"})
    assert photo is not None and photo["size_bytes"] == len(sender.data)
    assert {status for status, _ in answered} <= {200}
    ids = [found["data"]["submitReport"]["id"] for _, found in answered]
    assert await city.database.cases.count_documents({"_id": {"$in": ids}}) == len(set(ids)) == len(ids)
    print(f"API stopped in {took:.1f} s under load, {len(ids)} reports acknowledged")


async def test_a_detection_worker_gives_a_photo_back_that_it_was_looking_at(
    town: Api, tmp_path: Path
) -> None:
    city, begun = town.city, tmp_path / "begun"
    photo_id = await ready_photo(city, GREY)
    finds = city.database.photo_finds
    with process_of(
        city, "tests.steady.slow_eye", BEGUN=str(begun), LOOK_SECONDS="2.5", DRAIN_SECONDS="1"
    ) as first:
        await until(begun.exists, "a look")
        took = await stopped(first)
    photo = await city.database.photos.find_one({"_id": photo_id})
    assert photo is not None and photo["looked_by"] is None and await finds.find_one({}) is None
    [item] = photo["work"]
    assert (item["attempts"], item["token"], item["given_up"]) == (0, None, False)
    assert item["due_at"] <= city.clock.now()
    with process_of(city, "tests.steady.slow_eye", BEGUN=str(begun), LOOK_SECONDS="0.3") as second:
        begun.unlink()
        await until(begun.exists, "the next look")
        await stopped(second)  # in the middle of a look that ends in time: it is finished
    photo = await city.database.photos.find_one({"_id": photo_id})
    assert photo is not None and photo["looked_by"] == "m-1"
    assert [item["kind"] for item in photo["work"]] == ["photo_seen"]
    assert await finds.count_documents({"sha256": photo_id}) == 1
    print(f"detection worker stopped in {took:.1f} s, in the middle of a photo")


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
