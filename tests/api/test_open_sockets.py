"""Which connections are closed, when, and with which code: the revoked, the many, the slow, the silent."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from graphql import get_introspection_query

from city_api.app import create_app
from city_api.sockets.closing import CODE_OF_PROBLEM, closing_of, reason_of_protocol
from city_api.sockets.open_sockets import OpenSockets, SocketRules
from city_core.kit.city import City
from city_core.kit.problems import PROBLEM_KINDS, CityProblem
from city_core.people.open_session import sign_in_person
from city_core.people.standing import (
    HeldSignIn,
    actor_standing,
    hold_sign_in,
    person_channel,
    tell_person_changed,
)
from tests.api.support import Api, closing, hear, is_heard, operation, running, say, subscribe
from tests.waiting import until

_INBOX = operation("officer", "InboxMessages")
_CHANGED = operation("citizen", "CaseChanged")
_AT_ONCE_SECONDS = 5.0


@dataclass
class Process:
    """Another API process of the same city: where it is, and its open connections."""

    address: str
    sockets: OpenSockets


@contextlib.asynccontextmanager
async def another_process(api: Api, city: City | None = None, **rules: Any) -> AsyncIterator[Process]:
    """Serve the same city once more, with other rules for sockets."""
    app = create_app(city=city or api.city, socket_rules=SocketRules(**rules))
    async with running(app) as address:
        yield Process(address, app.state.sockets)


@contextlib.asynccontextmanager
async def changed(api: Api, who: str, **fields: Any) -> AsyncIterator[None]:
    """Change a person behind the API's back, and change them back in the end."""
    people = api.city.database.people
    before = await people.find_one({"_id": who}, dict.fromkeys(fields, 1))
    assert before is not None
    await people.update_one({"_id": who}, {"$set": fields})
    yield
    await people.update_one({"_id": who}, {"$set": {name: before[name] for name in fields}})


async def test_an_idle_phone_of_a_disabled_person_is_let_go_in_five_seconds(api: Api) -> None:
    async with api.phone("officer-1") as phone, changed(api, "officer-1", disabled=True):
        began = time.monotonic()
        assert await closing(phone) == (4401, "SIGNED_OUT")
        assert time.monotonic() - began < _AT_ONCE_SECONDS


async def test_a_token_that_was_taken_back_asks_for_a_fresh_one(api: Api) -> None:
    async with api.phone("officer-1") as phone, changed(api, "officer-1", token_version=7):
        assert await closing(phone, _AT_ONCE_SECONDS) == (4403, "SIGN_IN_REQUIRED")


async def test_a_hint_about_a_person_lets_their_phones_go_at_once(api: Api) -> None:
    async with (
        another_process(api, look_seconds=60.0) as process,
        api.phone("officer-1", at=process.address) as phone,
    ):
        await subscribe(phone, _INBOX)
        await is_heard(api, person_channel("officer-1"))
        async with changed(api, "officer-1", disabled=True):
            tell_person_changed(api.city, "officer-1")
            assert await closing(phone, 2) == (4401, "SIGNED_OUT")


async def test_everybody_else_stays(api: Api) -> None:
    async with api.phone("officer-1") as gone, api.phone("officer-2") as stays:
        async with changed(api, "officer-1", disabled=True):
            await closing(gone)
        await say(stays, {"type": "ping"})
        assert await hear(stays) == {"type": "pong"}


async def test_a_subscription_ends_when_a_changed_area_takes_its_case_out_of_sight(api: Api) -> None:
    case = await api.report("citizen-1")
    elsewhere = {"street_codes": ["370303099"], "responsibility_grid_ids": []}
    async with api.phone("inspector-1") as phone:
        await subscribe(phone, _CHANGED, id=case["_id"])
        assert (await hear(phone))["type"] == "next"
        async with changed(api, "inspector-1", **elsewhere):
            assert await hear(phone, _AT_ONCE_SECONDS) == {"id": "1", "type": "complete"}


async def test_a_session_decides_how_long_its_connections_last(api: Api) -> None:
    person = await api.city.database.people.find_one({"_id": "officer-1"})
    assert person is not None
    signed_in, now = await sign_in_person(api.city, person), api.city.clock.now()
    held = hold_sign_in(replace(signed_in.actor, session_id="s1", device_id="d1"), signed_in.token)
    long_ago = HeldSignIn(held.actor, held.token_version, now - timedelta(hours=1))
    sessions = api.city.database.sessions
    row = {
        "_id": "s1", "person_id": "officer-1", "refresh_hash": "x", "ended_at": None,
        "expires_at": now + timedelta(days=1),
    }  # fmt: skip
    await sessions.insert_one(row)
    actor = await actor_standing(api.city, long_ago)
    assert (actor.person_id, actor.session_id, actor.device_id) == ("officer-1", "s1", "d1")
    for change in ({"ended_at": now}, {"expires_at": now}, {"person_id": "officer-2"}):
        await sessions.replace_one({"_id": "s1"}, {**row, **change})
        with pytest.raises(CityProblem, match="SIGNED_OUT"):
            await actor_standing(api.city, long_ago)
    await sessions.delete_one({"_id": "s1"})
    without_session = replace(long_ago, actor=replace(held.actor, session_id=""))
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_standing(api.city, without_session)


async def test_of_too_many_phones_of_one_person_the_oldest_goes(api: Api) -> None:
    async with (
        another_process(api, most_a_person=2) as process,
        api.phone("officer-1", at=process.address) as oldest,
        api.phone("officer-1", at=process.address),
        api.phone("officer-2", at=process.address) as somebody_else,
        api.phone("officer-1", at=process.address) as newest,
    ):
        assert await closing(oldest) == (4429, "TOO_MANY_SOCKETS")
        for phone in (somebody_else, newest):
            await say(phone, {"type": "ping"})
            assert await hear(phone) == {"type": "pong"}


async def test_one_phone_too_many_for_a_process_is_asked_to_come_later(api: Api) -> None:
    small = replace(api.city, settings=api.city.settings.model_copy(update={"most_sockets": 1}))
    async with another_process(api, small) as process:
        async with (
            api.phone("officer-1", at=process.address),
            api.socket("graphql-transport-ws", at=process.address) as late,
        ):
            assert await closing(late) == (1013, "BUSY")
        await until(lambda: len(process.sockets) == 0, "a free place")
        async with api.phone("officer-2", at=process.address):
            assert len(process.sockets) == 1


async def test_too_many_operations_close_the_connection(api: Api) -> None:
    async with (
        another_process(api, most_operations=3) as process,
        api.phone("officer-1", at=process.address) as phone,
    ):
        for number in range(4):
            await say(phone, {"id": str(number), "type": "subscribe", "payload": {"query": _INBOX}})
        assert await closing(phone) == (4429, "TOO_MANY_SUBSCRIPTIONS")


async def test_a_phone_that_does_not_read_is_let_go_and_told_why(api: Api) -> None:
    payload = {"query": get_introspection_query()}
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    async with another_process(api, send_seconds=0.3) as process:
        narrow.connect(("127.0.0.1", int(process.address.rpartition(":")[2])))
        async with api.socket("graphql-transport-ws", at=process.address, sock=narrow, max_queue=1) as phone:
            await say(phone, {"type": "connection_init", "payload": await api.headers("officer-1")})
            for number in range(15):
                await say(phone, {"id": str(number), "type": "subscribe", "payload": payload})
            await until(lambda: len(process.sockets) == 1, "the connection")
            await until(lambda: len(process.sockets) == 0, "the end of the slow phone's connection")
            assert await closing(phone) == (4413, "READING_TOO_SLOW")


async def test_a_phone_that_is_gone_is_found_by_its_silence(api: Api) -> None:
    app = create_app(city=api.city)
    hello = (
        "GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    async with running(app, ws_ping_interval=0.1, ws_ping_timeout=0.2) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        writer.write(hello.encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 101")
        await until(lambda: len(app.state.sockets) == 1, "the connection")
        await until(lambda: len(app.state.sockets) == 0, "the end of it", seconds=5)
        writer.close()


async def test_a_connection_that_says_nothing_is_closed(api: Api) -> None:
    async with (
        another_process(api, first_message_seconds=0.2) as process,
        api.socket("graphql-transport-ws", at=process.address) as phone,
    ):
        assert await closing(phone) == (4408, "FIRST_MESSAGE_LATE")


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "connection_init", "payload": {}}], 4429),
        ([{"id": "1", "type": "subscribe", "payload": {"query": _INBOX}}] * 2, 4409),
        ([["subscribe"]], 4400),
        ([{"type": "dance"}], 4400),
        ([{"id": "1", "type": "subscribe", "payload": "{ me { id } }"}], 4400),
        ([{"id": "1", "type": "subscribe", "payload": {}}], 4400),
        ([{"id": [], "type": "complete"}], 4400),
    ],
)
async def test_what_breaks_the_protocol_closes_the_connection(
    api: Api, messages: list[Any], code: int
) -> None:
    async with api.phone("officer-1") as phone:
        for message in messages:
            await say(phone, message)
        closed = await closing(phone)
    assert closed[0] == code
    assert closed[1].startswith("REQUEST_INVALID")


async def test_a_document_that_cannot_be_read_is_an_error_of_its_operation_only(api: Api) -> None:
    async with api.phone("officer-1") as phone:
        await subscribe(phone, "{ 市民")
        told = await hear(phone)
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "REQUEST_INVALID")
        await say(phone, {"type": "ping"})
        assert await hear(phone) == {"type": "pong"}


async def test_a_message_that_is_too_large_closes_the_connection(api: Api) -> None:
    async with api.phone("officer-1") as phone:
        await say(phone, {"type": "ping", "payload": {"x": "x" * 300_000}})
        assert (await closing(phone))[0] == 1009


async def test_a_subscription_before_the_sign_in_is_refused(api: Api) -> None:
    async with api.socket("graphql-transport-ws") as phone:
        await subscribe(phone, _INBOX)
        assert await closing(phone) == (4401, "SIGN_IN_REQUIRED")


async def test_places_and_channels_are_given_back(api: Api) -> None:
    async with another_process(api) as process:
        for _ in range(12):
            async with api.phone("officer-1", at=process.address) as phone:
                await subscribe(phone, _INBOX)
                await is_heard(api, "inbox:officer-1")
        await until(lambda: len(process.sockets) == 0, "all places")
        await is_heard(api, "inbox:officer-1", count=0)


def test_every_reason_to_close_is_a_problem_with_texts_and_fits_into_the_frame() -> None:
    assert set(CODE_OF_PROBLEM) <= set(PROBLEM_KINDS)
    for code in CODE_OF_PROBLEM:
        number, reason = closing_of(CityProblem(code))
        assert reason == code
        assert number == 1013 or 4000 <= number < 5000
    assert len(reason_of_protocol(4400, "市" * 200).encode()) <= 123
