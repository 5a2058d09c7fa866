"""People in WeChat: each yes is good for one message, and none is used twice or lost."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.notify.adapters.wechat import Consents, WechatPushGateway
from city_core.notify.consents.add import MOST_LEFT, add_consents, consents_left
from city_core.notify.consents.stored import StoredConsents
from city_core.notify.ports import Delivered, Outcome, PushAddress, Rejected, RetryAfter, Unknown
from city_core.people.devices import register_device
from city_core.people.roles import Actor
from tests.fakes.wechat import TEMPLATE, FakeWechat
from tests.integration.push_services.conftest import HINT, PROGRAM, HandConsents
from tests.village import found_village

OPENID = "openid-of-the-citizen"
PERSON = PushAddress("openid", OPENID, "wechat")


@pytest.fixture
async def fake() -> AsyncIterator[FakeWechat]:
    async with FakeWechat().serving() as serving:
        yield serving


@pytest.fixture
async def city(city: City) -> City:
    settings = city.settings.model_copy(update={"wechat_template_id": TEMPLATE})
    return City(city.database, city.clock, city.waker, settings)


@pytest.fixture
async def citizen(city: City) -> Actor:
    people = await found_village(city)
    await register_device(
        city, people["citizen-1"], device_id="device-1", provider="wechat", address_kind="openid",
        address=OPENID, platform="wechat",
    )  # fmt: skip
    return people["citizen-1"]


@pytest.fixture(params=["stored", "by hand"])
async def consents(request: pytest.FixtureRequest, city: City, citizen: Actor) -> Consents:
    if request.param == "by hand":
        by_hand = HandConsents()
        by_hand.left[OPENID] = 2
        return by_hand
    for _ in range(2):
        await say_yes(city, citizen)
    return StoredConsents(city)


async def say_yes(city: City, citizen: Actor, command: str | None = None) -> int:
    command = command or str(uuid.uuid4())
    [row] = await add_consents(city, citizen, command, device_id="device-1", template_ids=[TEMPLATE])
    return int(row["left"])


async def left(city: City, citizen: Actor) -> int:
    [row] = await consents_left(city, citizen, "device-1")
    return int(row["left"])


async def test_consents_are_taken_given_back_and_forgotten(consents: Consents) -> None:
    taken = await asyncio.gather(*(consents.take(OPENID, TEMPLATE) for _ in range(6)))
    assert sorted(taken) == [False] * 4 + [True] * 2
    await consents.give_back(OPENID, TEMPLATE)
    assert await consents.take(OPENID, TEMPLATE)
    await consents.give_back(OPENID, TEMPLATE)
    await consents.forget(OPENID, TEMPLATE)
    assert not await consents.take(OPENID, TEMPLATE)
    assert not await consents.take("openid-of-a-stranger", TEMPLATE)


async def test_a_message_uses_one_consent_up(city: City, citizen: Actor, fake: FakeWechat) -> None:
    fake.consents[OPENID] = 2
    await say_yes(city, citizen)
    gateway = WechatPushGateway(PROGRAM, StoredConsents(city), endpoint=fake.url)
    assert await gateway.send([(PERSON, HINT)]) == [Delivered("1")]
    assert await gateway.send([(PERSON, HINT)]) == [Rejected("NO_CONSENT_LEFT")]
    assert await left(city, citizen) == 0
    [message] = fake.received
    assert message == {
        "touser": OPENID,
        "template_id": TEMPLATE,
        "page": "pages/inbox/inbox?type=TASK_ASSIGNED&id=case-7&seq=3",
        "data": {"thing1": {"value": "您有新的消息，请打开查看"}},
        "miniprogram_state": "formal",
        "lang": "zh_CN",
    }
    await gateway.close()


async def test_where_wechat_knows_of_no_consent_ours_are_forgotten(
    city: City, citizen: Actor, fake: FakeWechat
) -> None:
    for _ in range(5):
        await say_yes(city, citizen)
    gateway = WechatPushGateway(PROGRAM, StoredConsents(city), endpoint=fake.url)
    assert await gateway.send([(PERSON, HINT)]) == [Rejected("NO_CONSENT_LEFT")]
    assert await left(city, citizen) == 0
    assert await city.database.devices.count_documents({"_id": "device-1"}) == 1
    await gateway.close()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("40003", Rejected("WECHAT_40003")),
        ("47003", Rejected("WECHAT_47003")),
        ("41030", Rejected("WECHAT_41030")),
        ("45009", RetryAfter(3600)),
        ("-1", RetryAfter(10)),
        ("hang", Unknown("TIMEOUT")),
    ],
)
async def test_a_message_that_was_not_taken_gives_its_consent_back(
    city: City, citizen: Actor, fake: FakeWechat, told: str, expected: Outcome
) -> None:
    fake.consents[OPENID] = 1
    await say_yes(city, citizen)
    fake.order(OPENID, told)
    gateway = WechatPushGateway(PROGRAM, StoredConsents(city), endpoint=fake.url, send_limit_s=0.5)
    assert await gateway.send([(PERSON, HINT)]) == [expected]
    assert await left(city, citizen) == 1
    assert await gateway.send([(PERSON, HINT)]) == [Delivered("1")]
    await gateway.close()


async def test_a_repeated_yes_counts_once_also_when_all_come_at_once(city: City, citizen: Actor) -> None:
    commands = [str(uuid.uuid4()) for _ in range(4)] * 5
    await asyncio.gather(*(say_yes(city, citizen, command) for command in commands))
    assert await left(city, citizen) == 4


async def test_a_count_has_an_end(city: City, citizen: Actor) -> None:
    await say_yes(city, citizen)
    await city.database.subscribe_consents.update_many({}, {"$set": {"left": MOST_LEFT}})
    assert await say_yes(city, citizen) == MOST_LEFT


async def test_other_peoples_devices_and_unknown_templates_are_refused(city: City, citizen: Actor) -> None:
    with pytest.raises(CityProblem, match="TEMPLATE_UNKNOWN"):
        await add_consents(city, citizen, str(uuid.uuid4()), device_id="device-1", template_ids=["another"])
    people = {"citizen-2": await city.database.people.find_one({"_id": "citizen-2"})}
    stranger = Actor(**{**citizen.__dict__, "person_id": people["citizen-2"]["_id"]})
    with pytest.raises(CityProblem, match="DEVICE_UNKNOWN"):
        await say_yes(city, stranger)
    assert await city.database.subscribe_consents.count_documents({}) == 0
