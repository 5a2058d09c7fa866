"""Looking on over WebSocket: inbox messages and cases, and whom a connection is opened for."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace

import pytest
from graphql.execution.collect_fields import CollectedFields
from websockets.exceptions import ConnectionClosed

from city_api.app import create_app
from city_core.cases.cancel import cancel_report
from city_core.cases.command import Command
from city_core.notify.deliver import deliver
from city_core.people.open_session import sign_in_person
from city_core.people.sign_out import sign_out
from tests.api.support import Api, closing, hear, is_heard, new_uuid, operation, running, say, subscribe
from tests.hand_clock import HandClock
from tests.waiting import until

_INBOX = operation("officer", "InboxMessages")
_CHANGED = operation("citizen", "CaseChanged")


async def test_a_message_reaches_the_open_phone_within_a_moment(api: Api) -> None:
    await deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", 1)
    async with api.phone("officer-1", language="en") as phone:
        await subscribe(phone, _INBOX)
        await is_heard(api, "inbox:officer-1")
        await deliver(api.city, "officer-1", "TASK_WITHDRAWN", "c1", 2)
        message = (await hear(phone, 2))["payload"]["data"]["inboxMessages"]
        assert (message["kind"], message["caseId"], message["seq"]) == ("TASK_WITHDRAWN", "c1", 2)
        assert message["text"] == "A task of yours went to somebody else."


async def test_after_a_reconnect_nothing_is_missed_and_nothing_comes_twice(api: Api) -> None:
    for seq in (1, 2, 3):
        await deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", seq)
        told_at = api.city.clock.now()
        await until(lambda then=told_at: api.city.clock.now() > then)  # ids of one millisecond are unordered
    inbox = await api.do("officer-1", "officer", "Inbox")
    assert [node["seq"] for node in inbox["nodes"]] == [3, 2, 1]
    async with api.phone("officer-1") as phone:
        await subscribe(phone, _INBOX, since=inbox["nodes"][-1]["id"])
        heard = [(await hear(phone))["payload"]["data"]["inboxMessages"]["seq"] for _ in range(2)]
        await deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", 4)
        heard.append((await hear(phone))["payload"]["data"]["inboxMessages"]["seq"])
    assert heard == [2, 3, 4]


async def test_more_messages_than_a_page_at_the_same_moment_all_arrive(api: Api) -> None:
    async with api.phone("officer-1") as phone:
        await subscribe(phone, _INBOX)
        await is_heard(api, "inbox:officer-1")
        await asyncio.gather(
            *(deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", seq) for seq in range(250))
        )
        heard = {(await hear(phone))["payload"]["data"]["inboxMessages"]["seq"] for _ in range(250)}
    assert heard == set(range(250))


async def test_who_listens_for_long_leaves_nothing_behind(api: Api) -> None:
    async with api.phone("officer-1") as phone:
        await subscribe(phone, _INBOX)
        await is_heard(api, "inbox:officer-1")
        left: list[int] = []
        for first in (0, 40):
            for seq in range(first, first + 40):
                await deliver(api.city, "officer-1", "TASK_ASSIGNED", "c1", seq)
                await hear(phone)
            gc.collect()
            left.append(sum(type(one) is CollectedFields for one in gc.get_objects()))
    assert left[1] <= left[0], left


@pytest.mark.parametrize("since", ["", "nonsense", "-00000000001", "f" * 65, "0x000000000000000"])
async def test_what_is_no_message_id_is_refused(api: Api, since: str) -> None:
    async with api.phone("officer-1") as phone:
        await subscribe(phone, _INBOX, since=since)
        [error] = (await hear(phone))["payload"]["errors"]
        assert error["extensions"]["code"] == "REQUEST_INVALID"


async def test_a_message_to_somebody_else_is_not_heard(api: Api) -> None:
    async with api.phone("officer-1") as phone:
        await subscribe(phone, _INBOX)
        await is_heard(api, "inbox:officer-1")
        await deliver(api.city, "officer-2", "TASK_ASSIGNED", "c1", 1)
        with pytest.raises(TimeoutError):
            await hear(phone, 0.5)


async def test_a_case_is_shown_as_it_is_and_again_when_it_changes(api: Api) -> None:
    case = await api.report("citizen-1")
    async with api.phone("citizen-1") as phone:
        await subscribe(phone, _CHANGED, id=case["_id"])
        shown = (await hear(phone))["payload"]["data"]["caseChanged"]
        assert (shown["state"], shown["version"]) == ("REPORTED", 1)
        await is_heard(api, f"case:{case['_id']}")
        command = Command(new_uuid(), None, "phone:test")
        await cancel_report(api.city, api.people["citizen-1"], case["_id"], command, opinion="弄错了")
        shown = (await hear(phone, 2))["payload"]["data"]["caseChanged"]
        assert (shown["state"], shown["version"]) == ("CANCELLED", 2)


async def test_a_case_that_is_not_yours_cannot_be_looked_on_at(api: Api) -> None:
    case = await api.report("citizen-1")
    async with api.phone("citizen-2") as phone:
        await subscribe(phone, _CHANGED, id=case["_id"])
        told = await hear(phone)
        errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "CASE_NOT_FOUND"


async def test_a_person_who_is_disabled_hears_no_more(api: Api) -> None:
    people = api.city.database.people
    async with api.phone("officer-2") as phone:
        await subscribe(phone, _INBOX)
        await is_heard(api, "inbox:officer-2")
        await people.update_one({"_id": "officer-2"}, {"$set": {"disabled": True}})
        await deliver(api.city, "officer-2", "TASK_ASSIGNED", "c1", 1)
        told = await hear(phone)
        await people.update_one({"_id": "officer-2"}, {"$set": {"disabled": False}})
        assert told["payload"]["errors"][0]["extensions"]["code"] == "SIGNED_OUT"


async def test_each_operation_of_a_connection_has_its_own_loaders_and_queries_work_too(api: Api) -> None:
    async with api.phone("citizen-1") as phone:
        for number in ("a", "b"):
            payload = {"query": "{ me { id } }"}
            await say(phone, {"id": number, "type": "subscribe", "payload": payload})
            assert (await hear(phone))["payload"] == {"data": {"me": {"id": "citizen-1"}}}
            assert (await hear(phone))["type"] == "complete"


@pytest.mark.parametrize("payload", [{}, {"authorization": "Bearer nonsense"}])
async def test_a_connection_without_a_sign_in_is_closed(api: Api, payload: dict[str, str]) -> None:
    async with api.socket("graphql-transport-ws") as phone:
        await say(phone, {"type": "connection_init", "payload": payload})
        with pytest.raises(ConnectionClosed) as closed:
            await hear(phone)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4403


async def test_the_legacy_protocol_is_refused(api: Api) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        async with api.socket("graphql-ws") as phone:
            await hear(phone)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4406


async def test_what_is_no_message_closes_the_connection(api: Api) -> None:
    async with api.phone("citizen-1") as phone:
        await phone.send("{")
        with pytest.raises(ConnectionClosed) as closed:
            await hear(phone)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4400


async def test_a_running_subscription_outlives_its_access_token_but_not_its_sign_in(api: Api) -> None:
    clock = HandClock(api.city.clock.now())
    city = replace(api.city, clock=clock)
    async with running(create_app(city=city)) as address:
        own = replace(api, city=city, address=address)
        person = await city.database.people.find_one({"_id": "officer-1"})
        assert person is not None
        signed_in = await sign_in_person(city, person, device_id="device-0001")
        async with own.socket("graphql-transport-ws") as phone:
            payload = {"authorization": f"Bearer {signed_in.token}"}
            await say(phone, {"type": "connection_init", "payload": payload})
            assert await hear(phone) == {"type": "connection_ack"}
            await subscribe(phone, _INBOX)
            await is_heard(own, "inbox:officer-1")
            clock.turn(minutes=16)
            await deliver(city, "officer-1", "TASK_ASSIGNED", "c1", 1)
            assert (await hear(phone))["payload"]["data"]["inboxMessages"]["seq"] == 1
            await sign_out(city, signed_in.actor)
            await deliver(city, "officer-1", "TASK_ASSIGNED", "c1", 2)
            assert await closing(phone) == (4401, "SIGNED_OUT")
