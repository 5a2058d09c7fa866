"""From a step to a phone: inbox first, then one hint for every device, over a stand-in FCM."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.cases.urge import urge_case
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.notify.adapters.fcm import FcmPushGateway
from city_core.people.devices import register_device
from city_core.people.tokens import actor_from
from city_demo.fake_fcm import FakeFcm, service_account
from city_workers.jobs import handlers_with
from tests.village import INSIDE, found_village

DRAFT = ReportDraft("E0110", "E0110-1", "门口垃圾 13800138000", *INSIDE, "WGS84", None, "柳泉路1号", [])


@pytest.fixture(scope="module")
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fake:
        yield fake


@pytest.fixture
async def gateway(fcm: FakeFcm) -> AsyncIterator[FcmPushGateway]:
    opened = FcmPushGateway(service_account(fcm.url), endpoint=fcm.url)
    yield opened
    await opened.close()


async def report_to_officers(city: City, gateway: FcmPushGateway, *tokens: str) -> Row:
    """Give every officer these devices, report something, do the work; answers the message."""
    people = await found_village(city)
    for name in ("officer-1", "officer-2"):
        for number, token in enumerate(tokens):
            await register_device(
                city, people[name], device_id=f"{name}-{number}-{token}", address_kind="token",
                address=f"{token}-{name}", platform="android",
            )  # fmt: skip
    case = await submit_report(city, people["inspector-1"], Command(str(uuid.uuid4())), DRAFT)
    wake = Wake("triage", "cases", case["_id"], "triage", city.clock.now())
    assert await perform(city, handlers_with(gateway), wake)
    [message] = await city.database.inbox_messages.find({"kind": "TASK_ASSIGNED"}).to_list(None)
    return message


async def test_every_device_gets_one_hint_without_personal_data(
    city: City, gateway: FcmPushGateway, fcm: FakeFcm
) -> None:
    fcm.reset()
    message = await report_to_officers(city, gateway, "phone-token", "tablet-token")
    received = fcm.received()
    assert len(received) == 2
    for push in received:
        assert push["data"] == {
            "type": "TASK_ASSIGNED", "id": message["case_id"], "seq": str(message["seq"]),
        }  # fmt: skip
        for secret in ("13800138000", "门口垃圾", "柳泉路", "officer"):
            assert secret not in str(push["message"]).replace(push["token"], "")
    assert [push["outcome"] for push in message["pushes"]] == ["DELIVERED", "DELIVERED"]
    assert message["work"] == []


async def test_an_urging_reaches_the_holders_phone_at_high_priority(
    city: City, gateway: FcmPushGateway, fcm: FakeFcm
) -> None:
    message = await report_to_officers(city, gateway, "phone-token")
    fcm.reset()
    person = await city.database.people.find_one({"_id": "dispatcher-1"})
    assert person is not None
    command = Command(str(uuid.uuid4()))
    case = await urge_case(city, actor_from(person), message["case_id"], command, text="请马上处理王家门口")
    wake = Wake("notify", "cases", case["_id"], f"notify:{case['version']}", city.clock.now())
    assert await perform(city, handlers_with(gateway), wake)
    [push] = fcm.received()
    assert push["token"] == f"phone-token-{message['person_id']}"
    assert push["data"] == {"type": "URGED", "id": case["_id"], "seq": str(case["version"])}
    assert push["message"]["android"]["priority"].lower() == "high"
    assert "王家" not in str(push["message"])


async def test_an_address_that_is_gone_is_forgotten(
    city: City, gateway: FcmPushGateway, fcm: FakeFcm
) -> None:
    fcm.reset()
    for name in ("officer-1", "officer-2"):
        fcm.script(f"lost-token-{name}", ["UNREGISTERED"])
    message = await report_to_officers(city, gateway, "lost-token")
    assert [push["outcome"] for push in message["pushes"]] == ["ADDRESS_GONE"]
    assert await city.database.devices.count_documents({"person_id": message["person_id"]}) == 0


async def test_a_busy_push_service_is_asked_again_when_it_said(
    city: City, gateway: FcmPushGateway, fcm: FakeFcm
) -> None:
    fcm.reset()
    for name in ("officer-1", "officer-2"):
        fcm.script(f"busy-token-{name}", ["QUOTA_EXCEEDED:7"])
    before = city.clock.now()
    message = await report_to_officers(city, gateway, "busy-token")
    [item] = message["work"]
    assert timedelta(seconds=6) < item["due_at"] - before < timedelta(seconds=12)
    assert fcm.received() == []
    await city.database.inbox_messages.update_one(
        {"_id": message["_id"]}, {"$set": {"work.0.due_at": city.clock.now()}}
    )
    wake = Wake("push", "inbox_messages", message["_id"], item["key"], city.clock.now())
    assert await perform(city, handlers_with(gateway), wake)
    assert len(fcm.received()) == 1


async def waiting_hint(city: City, gateway: FcmPushGateway, fcm: FakeFcm, token: str) -> tuple[Row, Wake]:
    """A hint whose push service was busy: it waits, and is due now."""
    fcm.reset()
    for name in ("officer-1", "officer-2"):
        fcm.script(f"{token}-{name}", ["QUOTA_EXCEEDED:7"])
    message = await report_to_officers(city, gateway, token)
    [item] = message["work"]
    await city.database.inbox_messages.update_one(
        {"_id": message["_id"]}, {"$set": {"work.0.due_at": city.clock.now()}}
    )
    fcm.reset()
    return message, Wake("push", "inbox_messages", message["_id"], item["key"], city.clock.now())


async def outcomes_of(city: City, message: Row) -> list[str]:
    stored = await city.database.inbox_messages.find_one({"_id": message["_id"]})
    assert stored is not None
    assert stored["work"] == []
    return [push["outcome"] for push in stored["pushes"]]


async def test_a_phone_in_other_hands_gets_no_hint_of_the_person_before(
    city: City, gateway: FcmPushGateway, fcm: FakeFcm
) -> None:
    message, wake = await waiting_hint(city, gateway, fcm, "shared-token")
    holder = message["person_id"]
    device = await city.database.devices.find_one({"person_id": holder})
    assert device is not None
    other = await city.database.people.find_one({"_id": "inspector-2"})
    assert other is not None
    await register_device(
        city, actor_from(other), device_id=device["_id"], address_kind="token", address=device["address"],
        platform="android",
    )  # fmt: skip
    assert await perform(city, handlers_with(gateway), wake)
    assert fcm.received(refused_too=True) == []
    assert await outcomes_of(city, message) == ["DEVICE_LEFT"]


async def test_a_hint_goes_to_the_newest_address_of_its_device(
    city: City, gateway: FcmPushGateway, fcm: FakeFcm
) -> None:
    message, wake = await waiting_hint(city, gateway, fcm, "older-token")
    newest = {"$set": {"address_kind": "fid", "address": "newest-fid-of-the-phone"}}
    await city.database.devices.update_one({"person_id": message["person_id"]}, newest)
    assert await perform(city, handlers_with(gateway), wake)
    [push] = fcm.received()
    assert (push["kind"], push["token"]) == ("fid", "newest-fid-of-the-phone")
    assert await outcomes_of(city, message) == ["DELIVERED"]
