"""SAQ's page with the queues: for administrators only, read-only, and never whose work it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from city_core.kit.waking import Wake
from city_core.operation.lanes import KINDS_OF_LANE
from tests.api.support import PASSWORD, Api
from tests.clients.node import run_script
from tests.waiting import until

_DEVICE = "device-of-somebody"
_SECRETS = re.compile(f"{_DEVICE}|owner-of-the-message")
_KEEPER = "administrator-1"


@pytest.fixture
async def queue(api: Api) -> str:
    """The queue of hints, with nothing in it but one wake-up that is due later."""
    async with Redis.from_url(api.city.settings.redis_url) as redis:
        await redis.flushall()
    api.city.waker.wake(
        Wake("push", "inbox_messages", "owner-of-the-message", f"push:{_DEVICE}",
             api.city.clock.now() + timedelta(hours=1))
    )  # fmt: skip

    async def is_there() -> bool:
        return bool((await read(api, "/wakes/api/queues/push"))["queue"]["jobs"])

    await until(is_there, "the wake-up")
    return "push"


async def read(api: Api, address: str) -> dict:  # type: ignore[type-arg]
    answer = await api.http.get(address, headers=await api.headers(_KEEPER))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_keeper_of_the_rules_sees_every_queue(api: Api, queue: str) -> None:
    queues = (await read(api, "/wakes/api/queues"))["queues"]
    assert [row["name"] for row in queues] == list(KINDS_OF_LANE)
    assert {row["name"]: row["scheduled"] for row in queues}[queue] == 1


async def test_a_wake_up_tells_what_it_is_and_not_whose(api: Api, queue: str) -> None:
    shown = await api.http.get(f"/wakes/api/queues/{queue}", headers=await api.headers(_KEEPER))
    [job] = shown.json()["queue"]["jobs"]
    one = await api.http.get(
        f"/wakes/api/queues/{queue}/jobs/{job['key']}", headers=await api.headers(_KEEPER)
    )
    assert one.json() == {"job": job}
    assert re.match(r"push, inbox_messages, work_id [0-9a-f]{12}, due ", job["kwargs"])
    assert not _SECRETS.search(shown.text + one.text)


@pytest.mark.parametrize(
    "address", ["/wakes/api/queues", "/wakes/api/queues/jobs", "/wakes/api/queues/jobs/jobs/x"]
)
async def test_nobody_else_is_told_anything(api: Api, address: str) -> None:
    assert (await api.http.get(address)).status_code == 401
    for who in ("citizen-1", "leader-1", "security-administrator-1", "auditor-1"):
        answer = await api.http.get(address, headers=await api.headers(who))
        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED"), who


@pytest.mark.parametrize("address", ["queues/nothing", "queues/nothing/jobs/x", "queues/jobs/jobs/none"])
async def test_what_is_not_there_is_not_found(api: Api, address: str) -> None:
    answer = await api.http.get(f"/wakes/api/{address}", headers=await api.headers(_KEEPER))
    assert answer.status_code == 404


@pytest.mark.parametrize("step", ["retry", "abort"])
async def test_nothing_can_be_changed(api: Api, queue: str, step: str) -> None:
    [job] = (await read(api, f"/wakes/api/queues/{queue}"))["queue"]["jobs"]
    address = f"/wakes/api/queues/{queue}/jobs/{job['key']}"
    answer = await api.http.post(f"{address}/{step}", headers=await api.headers(_KEEPER), json={})
    assert answer.status_code in (404, 405)
    assert (await read(api, address))["job"] == job


@pytest.mark.parametrize("address", ["/wakes", "/wakes/queues/jobs", "/wakes/queues/jobs/jobs/x"])
async def test_the_page_asks_for_a_sign_in_and_reaches_nothing_outside(api: Api, address: str) -> None:
    page = await api.http.get(address)
    assert page.status_code == 200 and 'id="sign-in"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for named in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert (await api.http.get(named)).status_code == 200, named


async def test_an_administrator_looks_at_the_queues_in_a_browser(api: Api, queue: str) -> None:
    keeper = await api.city.database.people.find_one({"_id": _KEEPER})
    assert keeper is not None
    given = {"address": api.address, "phone": keeper["phone"], "password": PASSWORD, "queue": queue}
    said = await run_script("work_page", given)
    assert said["refused"] and said["queues"] == list(KINDS_OF_LANE)
    assert "push, inbox_messages" in said["jobs"] and said["buttons"] == 0
    assert said["faults"] == [] and all(one.startswith(api.address) for one in said["requests"])
