"""Devices: one address each, taken by whoever signs in last, dropped at sign-out, and stale after 60 days."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.waking import QuietWaker
from city_core.notify.addresses import address_of
from city_core.notify.deliver import deliver
from city_core.notify.ports import PushAddress
from city_core.people.devices import (
    MOST_DEVICES,
    drop_devices_of,
    pushable_device,
    pushable_devices,
    register_device,
)
from city_core.people.roles import Actor
from city_demo.embedded import EmbeddedMongod
from tests.conftest import empty, settings_for
from tests.hand_clock import HandClock
from tests.village import found_village

POINT = base64.urlsafe_b64encode(b"\x04" + os.urandom(64)).decode().rstrip("=")
KEYS = {"p256dh": POINT, "auth": base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")}
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"
TOKEN = {"address_kind": "token", "address": "token-0123456789", "platform": "android"}


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
async def city(mongod: EmbeddedMongod, clock: HandClock) -> AsyncIterator[City]:
    settings = settings_for(mongod)
    async with open_city(settings, app_name="test", clock=clock, waker=QuietWaker()) as opened:
        yield opened
        await empty(opened.database)


@pytest.fixture
async def people(city: City) -> dict[str, Actor]:
    return await found_village(city)


async def register(city: City, actor: Actor, device_id: str = "device-1", **more: Any) -> None:
    await register_device(city, actor, device_id=device_id, **{**TOKEN, **more})


async def devices(city: City) -> list[dict[str, Any]]:
    return await city.database.devices.find({}).sort("_id", 1).to_list(None)


@pytest.mark.parametrize(
    ("provider", "kind", "address", "platform"),
    [
        ("fcm", "fid", "fid-of-the-phone", "android"),
        ("apns", "token", "a" * 64, "ios"),
        ("huawei", "token", "IQAAAACy0kYZAABq", "android"),
        ("harmony", "token", "MAMzLgIkEEjBAAAA", "harmony"),
        ("xiaomi", "registration", "xiaomi-registration", "android"),
        ("oppo", "registration", "OPPO_CN_abcdef", "android"),
        ("vivo", "registration", "vivo-registration", "android"),
        ("jpush", "registration", "190e35f7e04c8ab0", "android"),
        ("wechat", "openid", "oABCD-0123456789", "wechat"),
    ],
)
async def test_every_push_service_has_its_kind_of_address(
    city: City, people: dict[str, Actor], provider: str, kind: str, address: str, platform: str
) -> None:
    await register(
        city, people["officer-1"], provider=provider, address_kind=kind, address=address, platform=platform
    )
    [device] = await pushable_devices(city, "officer-1")
    assert address_of(device) == PushAddress(kind, address, provider)  # type: ignore[arg-type]


async def test_a_browser_registers_with_its_keys(city: City, people: dict[str, Actor]) -> None:
    await register(
        city, people["leader-1"], provider="webpush", address_kind="subscription", address=ENDPOINT,
        platform="web", keys=KEYS, app="seat", language="en",
    )  # fmt: skip
    [device] = await pushable_devices(city, "leader-1")
    assert address_of(device) == PushAddress("subscription", ENDPOINT, "webpush", KEYS)
    assert (device["app"], device["language"]) == ("seat", "en")


async def test_a_device_has_one_address_never_two(city: City, people: dict[str, Actor]) -> None:
    await register(city, people["officer-1"], address_kind="token", address="token-0123456789")
    await register(city, people["officer-1"], address_kind="fid", address="fid-0123456789")
    [device] = await devices(city)
    assert (device["address_kind"], device["address"], device["provider"]) == ("fid", "fid-0123456789", "fcm")


async def test_a_device_from_before_there_were_providers_is_fcms(city: City, clock: HandClock) -> None:
    old = {"_id": "device-0", "person_id": "officer-1", **TOKEN, "registered_at": clock.now()}
    await city.database.devices.insert_one(old)
    [device] = await pushable_devices(city, "officer-1")
    assert address_of(device) == PushAddress("token", "token-0123456789", "fcm")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"provider": "pigeon"}, "provider"),
        ({"platform": "pager"}, "platform"),
        ({"address_kind": "openid"}, "addressKind"),
        ({"provider": "xiaomi"}, "addressKind"),
        ({"address": "short"}, "address"),
        ({"address": "x" * 4097}, "address"),
        ({"address": "token with\x00nothing"}, "address"),
        ({"keys": KEYS}, "keys"),
        ({"device_id": "d"}, "deviceId"),
        ({"provider": "webpush", "address_kind": "subscription", "address": "https://10.0.0.1/x"}, "address"),
        ({"provider": "webpush", "address_kind": "subscription", "address": ENDPOINT}, "keys"),
        (
            {
                "provider": "webpush",
                "address_kind": "subscription",
                "address": ENDPOINT,
                "keys": {**KEYS, "auth": "AAAA"},
            },
            "keys",
        ),
    ],
)
async def test_what_is_no_address_is_refused(
    city: City, people: dict[str, Actor], given: dict[str, Any], field: str
) -> None:
    with pytest.raises(CityProblem, match="DEVICE_INVALID") as refused:
        await register(city, people["officer-1"], **given)
    assert refused.value.field == field
    assert await devices(city) == []


async def test_an_address_that_many_register_at_once_has_one_device(
    city: City, people: dict[str, Actor]
) -> None:
    names = ("officer-1", "officer-2", "inspector-1", "inspector-2") * 3
    registering = (
        register(city, people[name], device_id=f"device-{number}") for number, name in enumerate(names)
    )
    await asyncio.gather(*registering)
    [device] = await devices(city)
    assert device["address"] == "token-0123456789"


async def test_a_sign_out_drops_one_device_or_all(city: City, people: dict[str, Actor]) -> None:
    for number in range(3):
        await register(
            city, people["officer-1"], device_id=f"device-{number}", address=f"token-of-device-{number}"
        )
    await register(city, people["officer-2"], device_id="device-9", address="token-of-another")
    assert await drop_devices_of(city, "officer-1", "device-9") == 0
    assert await drop_devices_of(city, "officer-1", "device-0") == 1
    assert await drop_devices_of(city, "officer-1") == 2
    assert [device["_id"] for device in await devices(city)] == ["device-9"]


async def test_after_60_days_without_registration_nothing_is_pushed(
    city: City, people: dict[str, Actor], clock: HandClock
) -> None:
    await register(city, people["officer-1"])
    clock.turn(days=59)
    assert await pushable_device(city, "device-1", "officer-1")
    clock.turn(days=2)
    assert await pushable_device(city, "device-1", "officer-1") is None
    await deliver(city, "officer-1", "TASK_ASSIGNED", "case-1", 1)
    [message] = await city.database.inbox_messages.find({}).to_list(None)
    assert message["work"] == []
    await register(city, people["officer-1"], device_id="device-2", address="token-of-the-new-phone")
    assert [device["_id"] for device in await devices(city)] == ["device-2"]


async def test_a_person_has_twenty_devices_at_most(
    city: City, people: dict[str, Actor], clock: HandClock
) -> None:
    for number in range(MOST_DEVICES + 3):
        clock.turn(minutes=1)
        await register(city, people["officer-1"], f"device-{number:02d}", address=f"token-of-device-{number}")
    assert [device["_id"] for device in await devices(city)] == [
        f"device-{number:02d}" for number in range(3, MOST_DEVICES + 3)
    ]


async def test_registering_again_keeps_a_device_fresh(
    city: City, people: dict[str, Actor], clock: HandClock
) -> None:
    for _ in range(3):
        await register(city, people["officer-1"])
        clock.turn(days=50)
    assert await pushable_device(city, "device-1", "officer-1")
    assert await pushable_device(city, "device-1", "officer-2") is None
