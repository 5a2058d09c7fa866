"""Browsers: encrypted for them alone, signed by the city, and sent nowhere but to push services."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from city_core.notify.adapters.web_push import WebPushGateway, topic_of
from city_core.notify.ports import AddressGone, Delivered, Outcome, PushAddress, Rejected, RetryAfter
from city_core.people.push_addresses import is_push_endpoint
from city_core.settings import Settings
from tests.conftest import TOKEN_KEY
from tests.fakes.browser_push import FakeBrowserPush
from tests.integration.push_services.conftest import HINT, VAPID_KEY, public_key

HOSTS = Settings(token_private_key=TOKEN_KEY).web_push_hosts  # type: ignore[arg-type]


@pytest.fixture
async def fake() -> AsyncIterator[FakeBrowserPush]:
    async with FakeBrowserPush().serving() as serving:
        serving.city_key = public_key()
        yield serving


@pytest.fixture
async def gateway(fake: FakeBrowserPush) -> AsyncIterator[WebPushGateway]:
    opened = WebPushGateway(VAPID_KEY, "mailto:push@yiwang.example", hosts=fake.url)
    yield opened
    await opened.close()


async def test_only_the_browser_reads_the_hint(gateway: WebPushGateway, fake: FakeBrowserPush) -> None:
    assert await gateway.send([(fake.subscribe("one"), HINT)]) == [Delivered("1")]
    [read] = fake.received
    headers = read.pop("headers")
    assert read == {"type": "TASK_ASSIGNED", "id": "case-7", "seq": "3"}
    assert (headers["ttl"], headers["urgency"], headers["topic"]) == ("86400", "high", HINT.message_id)


async def test_without_hurry_the_browser_may_be_woken_later(
    gateway: WebPushGateway, fake: FakeBrowserPush
) -> None:
    await gateway.send([(fake.subscribe("one"), replace(HINT, urgency="normal"))])
    [read] = fake.received
    assert (read["headers"]["ttl"], read["headers"]["urgency"]) == ("172800", "normal")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("410", AddressGone("HTTP_410")),
        ("404", AddressGone("HTTP_404")),
        ("413", Rejected("HTTP_413")),
        ("400", Rejected("HTTP_400")),
        ("403", Rejected("HTTP_403")),
        ("302", Rejected("HTTP_302")),
        ("429", RetryAfter(60)),
    ],
)
async def test_an_answer_is_understood(
    gateway: WebPushGateway, fake: FakeBrowserPush, told: str, expected: Outcome
) -> None:
    fake.order("one", told)
    assert await gateway.send([(fake.subscribe("one"), HINT)]) == [expected]


async def test_a_signature_of_another_city_is_refused(fake: FakeBrowserPush) -> None:
    stranger = WebPushGateway("A" * 42 + "E", "mailto:push@elsewhere.example", hosts=fake.url)
    assert await stranger.send([(fake.subscribe("one"), HINT)]) == [Rejected("HTTP_403")]
    await stranger.close()


async def test_keys_that_are_none_make_the_address_useless(
    gateway: WebPushGateway, fake: FakeBrowserPush
) -> None:
    sound = fake.subscribe("one")
    no_point = {"p256dh": "BAAA" + "A" * 83, "auth": sound.keys["auth"]}
    for keys in ({}, {**sound.keys, "auth": "short"}, no_point):
        [outcome] = await gateway.send([(replace(sound, keys=keys), HINT)])
        assert outcome == AddressGone("KEYS_INVALID")


def test_a_topic_is_short_and_the_same_for_the_same_message() -> None:
    assert topic_of("a" * 32) == "a" * 32
    assert topic_of("消息" * 40) == topic_of("消息" * 40)
    assert len(topic_of("消息" * 40)) == 32


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://sg2p.notify.windows.com/w/?token=BQYAAA",
        "https://web.push.apple.com/QGuQyavXutnMH",
    ],
)
def test_known_push_services_are_allowed(url: str) -> None:
    assert is_push_endpoint(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com/x",
        "https://fcm.googleapis.com@10.0.0.1/x",
        "https://fcm.googleapis.com:8443/x",
        "https://10.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "http://127.0.0.1:27017/x",
        "https://notify.windows.com.evil.example/x",
        "https://evilnotify.windows.com/x",
        "https://notify.windows.com/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/a b",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com",
        "file:///etc/passwd",
        "https://fcm.googleapis.com/x\r\nHost: evil",
        "https://fcm.googleapis.com/x\n",
    ],
)
async def test_nothing_is_sent_anywhere_else(url: str) -> None:
    assert not is_push_endpoint(url, HOSTS)
    gateway = WebPushGateway(VAPID_KEY, "mailto:push@yiwang.example", hosts=HOSTS)
    address = PushAddress("subscription", url, "webpush", {})
    assert await gateway.send([(address, HINT)]) == [Rejected("HOST_NOT_ALLOWED")]
    await gateway.close()


def test_loopback_is_reached_only_where_it_was_named() -> None:
    assert is_push_endpoint("http://127.0.0.1:8123/push/x", "http://127.0.0.1:8123")
    assert not is_push_endpoint("http://127.0.0.1:8124/push/x", "http://127.0.0.1:8123")
    assert not is_push_endpoint("http://127.0.0.1:81230/push/x", "http://127.0.0.1:8123")
    assert not is_push_endpoint("http://10.0.0.1:80/push/x", "http://10.0.0.1:80")
