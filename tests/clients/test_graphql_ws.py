"""The client of npm that apps are built with: graphql-ws against a real API, unpatched, with its defaults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from city_api.app import create_app
from city_api.sockets.open_sockets import OpenSockets, Seat
from city_core.kit.problems import CityProblem
from city_core.notify.deliver import deliver
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import Api, operation, running
from tests.clients.node import run_script
from tests.waiting import until


class Served:
    """An API process whose open connections the test can look at."""

    def __init__(self, api: Api, address: str, sockets: OpenSockets) -> None:
        self.api = api
        self.address = address
        self.sockets = sockets

    async def listen(self, *tokens: str, messages: int) -> asyncio.Task[dict[str, Any]]:
        """Start the client as officer-1, who has read one message; it ends after so many more."""
        await self.tell(0)
        read = await self.api.do("officer-1", "officer", "Inbox")
        good = (await self.api.headers("officer-1"))["authorization"]
        given = {
            "url": f"{self.address.replace('http', 'ws', 1)}/graphql", "tokens": [*tokens, good],
            "query": operation("officer", "InboxMessages"), "operationName": "InboxMessages",
            "since": read["nodes"][0]["id"], "messages": messages,
        }  # fmt: skip
        listening = asyncio.create_task(run_script("graphql_ws", given))
        await until(lambda: listening.done() or self.signed_in(), "the phone")
        return listening

    def signed_in(self) -> list[Seat]:
        return [seat for seat in self.sockets.seats if seat.held is not None]

    async def tell(self, seq: int) -> None:
        await deliver(self.api.city, "officer-1", "TASK_ASSIGNED", "c1", seq)


@pytest.fixture
async def served(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Served]:
    """A village with a running API."""
    async with served_village(mongod, redis_server) as api:
        app = create_app(city=api.city)
        async with running(app) as address:
            yield Served(api, address, app.state.sockets)


async def test_it_subscribes_and_hears(served: Served) -> None:
    listening = await served.listen(messages=2)
    await served.tell(1)
    await served.tell(2)
    said = await listening
    assert (said["ended"], said["opened"]) == ("enough", 1)
    assert said["heard"] == [[1, "You have a new task."], [2, "You have a new task."]]


@pytest.mark.parametrize(
    ("code", "number"), [("READING_TOO_SLOW", 4413), ("SIGN_IN_REQUIRED", 4403), ("BUSY", 1013)]
)
async def test_it_comes_back_where_it_may_and_misses_nothing(served: Served, code: str, number: int) -> None:
    listening = await served.listen(messages=3)
    [seat] = served.signed_in()
    await served.tell(1)
    await seat.refuse(CityProblem(code))
    await served.tell(2)
    await until(lambda: seat not in served.sockets.seats and served.signed_in(), "the phone once more")
    await served.tell(3)
    said = await listening
    assert (said["ended"], said["opened"]) == ("enough", 2)
    assert [seq for seq, _ in said["heard"]] == [1, 2, 3]
    assert said["closes"][0] == [number, code]


@pytest.mark.parametrize(
    ("code", "number"), [("SIGNED_OUT", 4401), ("TOO_MANY_SOCKETS", 4429), ("UNEXPECTED", 4500)]
)
async def test_it_stays_away_where_coming_back_is_no_use(served: Served, code: str, number: int) -> None:
    listening = await served.listen(messages=1)
    await served.signed_in()[0].refuse(CityProblem(code))
    said = await listening
    assert (said["ended"], said["opened"]) == (f"closed {number}", 1)
    assert said["closes"] == [[number, code]]


async def test_a_token_that_ran_out_is_replaced_by_a_fresh_one(served: Served) -> None:
    listening = await served.listen("Bearer outdated", messages=1)
    await served.tell(1)
    said = await listening
    assert (said["ended"], said["opened"], said["closes"][0]) == ("enough", 2, [4403, "SIGN_IN_REQUIRED"])
