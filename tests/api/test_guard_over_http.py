"""Limits over the real API: what operations may cost, how often, how long, and how many reports."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from city_api.app import create_app
from city_core.kit.city import City
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import Api, hear, new_uuid, operation, running, say
from tests.village import INSIDE
from tests.waiting import until

ME = "{ me { id } }"
# Every row with every row with every row: minutes of work, and MongoDB can end it, which it cannot a script.
_CROSSED = [
    stage
    for name in ("a", "b", "c")
    for stage in (
        {"$lookup": {"from": "absences_as_stored", "pipeline": [], "as": name}},
        {"$unwind": f"${name}"},
    )
]
_HEAVY = " ".join(f"c{n}: cases(first: 100) {{ nodes {{ history {{ action }} }} }}" for n in range(5))


def with_settings(api: Api, **changed: object) -> Any:
    """Serve the same village once more with other settings; nothing listens at the port of its Redis."""
    given = {"redis_url": "redis://127.0.0.1:1/0", **changed}
    settings = api.city.settings.model_copy(update=given)
    return running(create_app(city=City(api.city.database, api.city.clock, api.city.waker, settings)))


def code_of(answer: dict[str, Any]) -> str | None:
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


async def test_what_an_operation_may_cost_depends_on_who_asks(api: Api) -> None:
    dear = "query($n: Int!) { " + _HEAVY.replace("100", "$n") + " }"
    for who, rows, code in (
        (None, 30, None), (None, 40, "OPERATION_TOO_COSTLY"), ("citizen-1", 40, "OPERATION_TOO_COSTLY"),
        ("citizen-1", 30, None), ("inspector-1", 80, None), ("inspector-1", 100, "OPERATION_TOO_COSTLY"),
    ):  # fmt: skip
        answer = await api.ask(dear, {"n": rows}, who)
        assert code_of(answer) == (code or (None if who else "SIGN_IN_REQUIRED")), (who, rows, answer)
    told = answer["errors"][0]["extensions"]
    assert (told["allowed"], told["retryable"]) == ("a cost of at most 5,000; this one has 5,505", False)


async def test_an_operation_by_its_hash_is_paid_for_as_well(api: Api) -> None:
    published = operation("inspector", "PullDictionaries")
    assert code_of(await api.ask(published, {"limit": 100}, "citizen-1")) == "OPERATION_TOO_COSTLY"
    assert code_of(await api.ask(published, {"limit": 100}, "inspector-1")) is None


async def test_ten_directives_are_let_in_and_not_one_more(api: Api) -> None:
    for count, code in ((10, None), (11, "REQUEST_INVALID")):
        fields = " ".join("id @include(if: true)" for _ in range(count))
        assert code_of(await api.ask(f"{{ me {{ {fields} }} }}", who="citizen-1")) == code


@pytest.mark.parametrize("redis", ["with Redis", "without Redis"])
async def test_who_asks_too_often_is_told_when_to_come_again(
    api: Api, redis_server: EmbeddedRedis, redis: str
) -> None:
    url = redis_server.url if redis == "with Redis" else "redis://127.0.0.1:1/0"
    person = "officer-1" if redis == "with Redis" else "officer-2"
    async with (
        with_settings(api, rate_scale=0.001, redis_url=url) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        headers = await api.headers(person)
        answers = [await http.post("/graphql", json={"query": ME}, headers=headers) for _ in range(12)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
        refused = answers[-1]
        told = refused.json()["errors"][0]["extensions"]
        assert (told["code"], told["retryable"]) == ("TOO_MANY_REQUESTS", True)
        assert int(refused.headers["retry-after"]) == told["retryAfterSeconds"] > 0
        tile = await http.get("/map/tiles/12/3/4.mvt", headers=headers)
        view = await http.get("/map/view", headers=headers)
        assert (tile.status_code, view.status_code, view.json()["code"]) == (204, 429, "TOO_MANY_REQUESTS")
        async with api.socket("graphql-transport-ws", at=address) as socket:
            other = {"type": "connection_init", "payload": await api.headers("inspector-1")}
            await say(socket, other)
            assert await hear(socket) == {"type": "connection_ack"}
            for number in range(12):
                message = {"id": str(number), "type": "subscribe", "payload": {"query": ME}}
                await say(socket, message)
            heard = [await hear(socket) for _ in range(22)]
        refusals = [message["payload"][0]["extensions"] for message in heard if message["type"] == "error"]
        assert {told["code"] for told in refusals} == {"TOO_MANY_REQUESTS"} and len(refusals) in (2, 3)
        assert all(told["retryAfterSeconds"] > 0 for told in refusals)


async def test_strangers_share_the_allowance_of_their_network(api: Api) -> None:
    async with (
        with_settings(api, rate_scale=0.001) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        pages = [(await http.get("/s/NOTASIGN")).status_code for _ in range(26)]
        assert pages == [404] * 24 + [429] * 2
        garbage = await http.post("/graphql", content=b"{", headers={"content-type": "application/json"})
        assert garbage.status_code == 429
        lie = {"authorization": "Bearer not.a.token", "x-forwarded-for": "203.0.113.9"}
        assert (await http.post("/graphql", json={"query": ME}, headers=lie)).status_code == 429
        signed_in = await http.post("/graphql", json={"query": ME}, headers=await api.headers("citizen-1"))
        assert signed_in.status_code == 200
        assert (await http.get("/health/live")).status_code == 200


async def test_one_time_codes_are_counted_without_redis(api: Api) -> None:
    async with (
        with_settings(api) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        body = {
            "query": operation("citizen", "RequestCode"),
            "variables": {"input": {"phone": "13900000077"}},
        }
        codes = []
        for _ in range(2):
            told = (await http.post("/graphql", json=body)).json()
            assert "errors" not in told, told
            [answer] = told["data"].values()
            codes.append(answer.get("code"))
    assert codes == [None, "TOO_MANY_TRIES"]


async def test_a_citizen_reports_so_often_and_an_inspector_as_often_as_it_takes(api: Api) -> None:
    async with (
        with_settings(api, citizen_reports_an_hour=2) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):

        async def report(who: str, client_id: str) -> dict[str, Any]:
            lng, lat = INSIDE
            point = {"lng": lng, "lat": lat, "datum": "WGS84", "accuracyM": 5.0}
            given = {"clientId": client_id, "typeCode": "E0110", "conditionId": "E0110-1",
                     "description": "垃圾", "point": point, "address": "柳泉路"}  # fmt: skip
            body = {"query": operation("citizen", "SubmitReport"), "variables": {"input": given}}
            answer = await http.post("/graphql", json=body, headers=await api.headers(who))
            found: dict[str, Any] = answer.json()["data"]["submitReport"]
            return found

        ids = [new_uuid() for _ in range(3)]
        kinds = [(await report("citizen-1", client_id))["__typename"] for client_id in [*ids[:2], ids[1]]]
        refused = await report("citizen-1", ids[2])
        assert kinds == ["Case"] * 3
        assert (refused["code"], refused["allowed"], refused["retryable"]) == (
            "TOO_MANY_REPORTS", "2 in an hour", True,
        )  # fmt: skip
        assert (await report("citizen-2", new_uuid()))["__typename"] == "Case"


@contextlib.asynccontextmanager
async def slow_village(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    """Serve a village in which reading absences takes minutes, and operations may take half a second."""
    async with served_village(mongod, redis_server, operation_seconds=0.5) as api:
        database = api.city.database
        await database.drop_collection("absences")
        await database.absences_as_stored.insert_many([{} for _ in range(600)])
        stages = [*_CROSSED, {"$group": {"_id": None}}]
        await database.command("create", "absences", viewOn="absences_as_stored", pipeline=stages)
        yield api


@pytest.fixture
async def slow(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    async with slow_village(mongod, redis_server) as api:
        yield api


async def _under_way(api: Api) -> int:
    admin = api.city.database.client.admin
    asked = [{"$currentOp": {}}, {"$match": {"ns": {"$regex": f"^{api.city.database.name}.absences"}}}]
    return len(await admin.aggregate(asked).to_list(None))


async def test_what_takes_too_long_is_ended_in_mongodb_too(slow: Api) -> None:
    started = time.perf_counter()
    asking = asyncio.create_task(slow.ask("{ absences { id } }", who="inspector-1"))

    async def is_read() -> bool:
        return await _under_way(slow) > 0

    await until(is_read, "MongoDB to begin")
    answer = await asking
    told = answer["errors"][0]["extensions"]
    assert (told["code"], told["retryable"]) == ("OPERATION_TOO_LONG", True)

    async def is_gone() -> bool:
        return await _under_way(slow) == 0

    await until(is_gone, "MongoDB to stop")
    assert time.perf_counter() - started < 10


async def test_a_subscription_lasts_longer_than_the_operations_beside_it(slow: Api) -> None:
    case = await slow.report("citizen-1")
    query = f'subscription {{ caseChanged(id: "{case["_id"]}") {{ version }} }}'
    async with slow.phone("inspector-1") as phone:
        await say(phone, {"id": "1", "type": "subscribe", "payload": {"query": query}})
        assert (await hear(phone))["payload"]["data"]["caseChanged"]["version"] == 1
        for number in ("2", "3"):
            payload = {"query": "{ absences { id } }"}
            await say(phone, {"id": number, "type": "subscribe", "payload": payload})
            late = await hear(phone)
            errors = late["payload"]["errors"] if late["type"] == "next" else late["payload"]
            assert errors[0]["extensions"]["code"] == "OPERATION_TOO_LONG"
            if late["type"] == "next":
                assert (await hear(phone))["type"] == "complete"
        await slow.city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"version": 2}})
        slow.city.waker.announce(f"case:{case['_id']}", {})
        assert (await hear(phone, 15))["payload"]["data"]["caseChanged"]["version"] == 2
