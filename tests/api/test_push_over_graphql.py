"""What phones do to be reached, over the API: browsers with their keys, WeChat with its consents."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import AsyncIterator

import pytest

from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import Api
from tests.integration.push_services.conftest import VAPID_KEY, public_key

IN_WECHAT = {
    "deviceId": "wechat-0001", "provider": "WECHAT", "addressKind": "OPENID",
    "address": "oABCD-0123456789", "platform": "wechat",
}  # fmt: skip
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abcdef"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


async def test_without_a_key_browsers_are_not_pushed_to(api: Api) -> None:
    assert await api.do(None, "seat", "WebPushKey") is None


async def test_a_browser_registers(api: Api) -> None:
    keys = {"p256dh": text(b"\x04" + os.urandom(64)), "auth": text(os.urandom(16))}
    device = {
        "deviceId": "browser-0001", "provider": "WEBPUSH", "addressKind": "SUBSCRIPTION",
        "address": ENDPOINT, "platform": "web", "keys": keys,
    }  # fmt: skip
    assert (await api.do("dispatcher-1", "seat", "RegisterDevice", input=device))["ok"]
    stored = await api.city.database.devices.find_one({"_id": "browser-0001"})
    assert stored is not None
    assert (stored["provider"], stored["keys"], stored["person_id"]) == ("webpush", keys, "dispatcher-1")
    inside = {**device, "address": "https://127.0.0.1/fcm/send/abcdef"}
    refused = await api.do("dispatcher-1", "seat", "RegisterDevice", input=inside)
    assert (refused["code"], refused["field"]) == ("DEVICE_INVALID", "address")
    assert "127.0.0.1" not in str(refused)
    assert (await api.do("dispatcher-1", "seat", "DropDevice", input={"deviceId": "browser-0001"}))["ok"]


async def test_consents_are_for_devices_in_wechat_and_templates_of_the_city(api: Api) -> None:
    assert (await api.do("citizen-1", "citizen", "RegisterDevice", input=IN_WECHAT))["ok"]
    assert await api.do("citizen-1", "citizen", "SubscribeConsents", deviceId="wechat-0001") == []
    given = {"clientId": str(uuid.uuid4()), "deviceId": "wechat-0001", "templateIds": ["another"]}
    refused = await api.do("citizen-1", "citizen", "AddSubscribeConsents", input=given)
    assert (refused["code"], refused["field"]) == ("TEMPLATE_UNKNOWN", "templateIds")


@pytest.fixture
async def set_up(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    more = {"web_push_private_key": VAPID_KEY, "wechat_template_id": "template-1"}
    async with served_village(mongod, redis_server, **more) as api:
        yield api


async def test_a_city_with_browsers_and_wechat_tells_its_key_and_counts_consents(set_up: Api) -> None:
    assert await set_up.do(None, "citizen", "WebPushKey") == public_key()
    assert (await set_up.do("citizen-1", "citizen", "RegisterDevice", input=IN_WECHAT))["ok"]
    [before] = await set_up.do("citizen-1", "citizen", "SubscribeConsents", deviceId="wechat-0001")
    assert before == {"templateId": "template-1", "left": 0}
    given = {"clientId": str(uuid.uuid4()), "deviceId": "wechat-0001", "templateIds": ["template-1"]}
    for _ in range(3):
        answer = await set_up.do("citizen-1", "citizen", "AddSubscribeConsents", input=given)
        assert answer["consents"] == [{"templateId": "template-1", "left": 1}]
    stranger = await set_up.do("citizen-2", "citizen", "AddSubscribeConsents", input=given)
    assert (stranger["code"], stranger["field"]) == ("DEVICE_UNKNOWN", "deviceId")
