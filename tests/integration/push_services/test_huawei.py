"""Huawei's phones: what they are told, and what Push Kit's result codes mean."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from city_core.notify.adapters.huawei import HuaweiPushGateway
from city_core.notify.adapters.rest import QUOTA_PAUSE_S, UNAVAILABLE_PAUSE_S
from city_core.notify.ports import (
    AddressGone,
    Delivered,
    Outcome,
    PushAddress,
    Rejected,
    RetryAfter,
    Unknown,
)
from tests.fakes.huawei import APP_ID, APP_SECRET, FakeHuawei
from tests.integration.push_services.conftest import HINT

PHONE = PushAddress("token", "huawei-token-of-the-officer", "huawei")


@pytest.fixture
async def fake() -> AsyncIterator[FakeHuawei]:
    async with FakeHuawei().serving() as serving:
        yield serving


@pytest.fixture
async def gateway(fake: FakeHuawei) -> AsyncIterator[HuaweiPushGateway]:
    opened = HuaweiPushGateway(APP_ID, APP_SECRET, endpoint=fake.url, token_endpoint=fake.url)
    yield opened
    await opened.close()


async def test_an_urgent_hint_shows_a_text_by_its_key(gateway: HuaweiPushGateway, fake: FakeHuawei) -> None:
    assert await gateway.send([(PHONE, HINT)]) == [Delivered("1570000006")]
    [message] = fake.received
    assert message == {
        "token": [PHONE.value],
        "data": '{"type":"TASK_ASSIGNED","id":"case-7","seq":"3"}',
        "android": {
            "category": "WORK",
            "ttl": "86400s",
            "notification": {
                "title": "您有新消息",
                "body": "请打开应用查看。",
                "body_loc_key": "push_TASK_ASSIGNED",
                "tag": HINT.message_id,
                "click_action": {"type": 3},
                "importance": "NORMAL",
                "visibility": "PRIVATE",
            },
        },
    }


async def test_a_hint_without_hurry_is_data_alone(gateway: HuaweiPushGateway, fake: FakeHuawei) -> None:
    await gateway.send([(PHONE, replace(HINT, urgency="normal"))])
    [message] = fake.received
    assert message["android"] == {"urgency": "NORMAL", "ttl": "86400s"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("80300007", AddressGone("80300007")),
        ("partly", AddressGone("80100000")),
        ("80300002", Rejected("80300002")),
        ("80300011", Rejected("80300011")),
        ("81000001", RetryAfter(UNAVAILABLE_PAUSE_S)),
        ("busy", RetryAfter(QUOTA_PAUSE_S)),
    ],
)
async def test_a_result_code_is_understood(
    gateway: HuaweiPushGateway, fake: FakeHuawei, told: str, expected: Outcome
) -> None:
    fake.order(PHONE.value, told)
    assert await gateway.send([(PHONE, HINT)]) == [expected]
    assert fake.received == []


async def test_a_wrong_secret_is_asked_for_once_and_not_by_every_hint(fake: FakeHuawei) -> None:
    gateway = HuaweiPushGateway(APP_ID, "wrong", endpoint=fake.url, token_endpoint=fake.url)
    outcomes = await gateway.send([(PHONE, HINT)] * 10)
    assert outcomes == [Unknown("SignInRefused")] * 10
    assert fake.sign_ins == 0
    await gateway.close()


async def test_one_sign_in_serves_every_hint(gateway: HuaweiPushGateway, fake: FakeHuawei) -> None:
    await gateway.send([(PHONE, HINT)] * 10)
    await gateway.send([(PHONE, HINT)] * 10)
    assert (fake.sign_ins, len(fake.received)) == (1, 20)
