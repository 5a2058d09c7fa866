"""What the dispatcher can rely on, whoever carries the hint; and how FCM's answers are understood."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from city_core.notify.adapters import fcm
from city_core.notify.adapters.fcm import FcmPushGateway
from city_core.notify.adapters.log import LogPushGateway
from city_core.notify.ports import (
    AddressGone,
    Delivered,
    Outcome,
    PushAddress,
    PushGateway,
    PushMessage,
    Rejected,
    RetryAfter,
    Unknown,
)
from city_demo.embedded.ports import free_port
from city_demo.fake_fcm import FakeFcm, service_account

PHONE = PushAddress("token", "phone-of-the-officer")
OTHER_PHONE = PushAddress("fid", "phone-of-the-inspector")
HINT = PushMessage(message_id="msg-1", type="TASK_OFFERED", id="task-7", seq=3, urgency="high")


@pytest.fixture(scope="module")
def account() -> dict[str, str]:
    return service_account("http://127.0.0.1:9")


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeFcm]:
    with FakeFcm() as running:
        yield running


@pytest.fixture(autouse=True)
def _empty_fake(fake: FakeFcm) -> None:
    fake.reset()


@pytest.fixture
async def gateway(fake: FakeFcm, account: dict[str, str]) -> AsyncIterator[FcmPushGateway]:
    gateway = FcmPushGateway({**account, "token_uri": f"{fake.url}/token"}, endpoint=fake.url)
    yield gateway
    await gateway.close()


@pytest.fixture(params=["fcm", "log"])
async def any_gateway(
    request: pytest.FixtureRequest, fake: FakeFcm, account: dict[str, str]
) -> AsyncIterator[PushGateway]:
    real = FcmPushGateway({**account, "token_uri": f"{fake.url}/token"}, endpoint=fake.url)
    chosen: PushGateway = {"fcm": real, "log": LogPushGateway()}[request.param]
    assert chosen.name == request.param
    yield chosen
    await real.close()
    if chosen is not real:
        await chosen.close()


async def test_every_gateway_gives_one_outcome_a_hint_in_order(any_gateway: PushGateway) -> None:
    outcomes = await any_gateway.send([(PHONE, HINT), (OTHER_PHONE, HINT)])
    assert [type(outcome) for outcome in outcomes] == [Delivered, Delivered]


async def test_every_gateway_takes_an_empty_batch(any_gateway: PushGateway) -> None:
    assert await any_gateway.send([]) == []


async def test_the_log_names_the_task_but_never_the_device() -> None:
    with capture_logs() as lines:
        await LogPushGateway().send([(PHONE, HINT)])
    assert lines == [{"event": "push_noted", "type": "TASK_OFFERED", "id": "task-7", "log_level": "info"}]


async def test_a_hint_carries_type_id_and_seq_and_nothing_else(
    gateway: FcmPushGateway, fake: FakeFcm
) -> None:
    assert await gateway.send([(PHONE, HINT)]) == [Delivered("projects/yiwang-demo/messages/1")]
    [push] = fake.received()
    assert push["message"] == {
        "token": "phone-of-the-officer",
        "data": {"type": "TASK_OFFERED", "id": "task-7", "seq": "3"},
        "android": {"collapse_key": "msg-1", "priority": "high"},
        "apns": {
            "headers": {"apns-push-type": "alert", "apns-priority": "10", "apns-collapse-id": "msg-1"},
            "payload": {
                "aps": {
                    "alert": {"loc-key": "push.TASK_OFFERED"},
                    "content-available": 1,
                    "mutable-content": 1,
                }
            },
        },
    }


async def test_a_hint_without_hurry_wakes_the_app_silently(gateway: FcmPushGateway, fake: FakeFcm) -> None:
    calm = PushMessage(message_id="m" * 80, type="CASE_CLOSED", id="case-1", seq=9, urgency="normal")
    await gateway.send([(OTHER_PHONE, calm)])
    [push] = fake.received()
    assert push["kind"] == "fid"
    assert push["message"]["android"]["priority"] == "normal"
    headers = push["message"]["apns"]["headers"]
    assert (headers["apns-push-type"], headers["apns-priority"]) == ("background", "5")
    assert len(headers["apns-collapse-id"]) <= 64
    assert push["message"]["apns"]["payload"] == {"aps": {"content-available": 1}}


@pytest.mark.parametrize(
    ("scripted", "expected"),
    [
        ("UNREGISTERED", AddressGone("UNREGISTERED")),
        ("SENDER_ID_MISMATCH", AddressGone("SENDER_ID_MISMATCH")),
        ("INVALID_ARGUMENT", Rejected("Request contains an invalid argument.")),
        ("QUOTA_EXCEEDED:7", RetryAfter(7)),
        ("QUOTA_EXCEEDED", RetryAfter(fcm.QUOTA_PAUSE_S)),
        ("UNAVAILABLE:2", RetryAfter(2)),
        ("UNAVAILABLE", RetryAfter(fcm.UNAVAILABLE_PAUSE_S)),
        ("INTERNAL", RetryAfter(fcm.UNAVAILABLE_PAUSE_S)),
    ],
)
async def test_fcms_refusal_is_understood_at_once_and_sent_once(
    gateway: FcmPushGateway, fake: FakeFcm, scripted: str, expected: Outcome
) -> None:
    fake.script(PHONE.value, [scripted])
    started = time.monotonic()
    assert await gateway.send([(PHONE, HINT)]) == [expected]
    assert time.monotonic() - started < 2
    assert fake.received() == []
    assert len(fake.received(refused_too=True)) == 1
    assert isinstance((await gateway.send([(PHONE, HINT)]))[0], Delivered)


async def test_a_hanging_device_is_unknown_and_delays_no_other(
    account: dict[str, str], fake: FakeFcm
) -> None:
    reachable = {**account, "token_uri": f"{fake.url}/token"}
    gateway = FcmPushGateway(reachable, endpoint=fake.url, send_limit_s=0.5)
    await gateway.warm()
    fake.script(PHONE.value, ["hang"])
    outcomes = await gateway.send([(PHONE, HINT), (OTHER_PHONE, HINT)])
    await gateway.close()
    assert outcomes[0] == Unknown("TIMEOUT")
    assert isinstance(outcomes[1], Delivered)


async def test_an_unreachable_provider_is_unknown(account: dict[str, str]) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    gateway = FcmPushGateway({**account, "token_uri": f"{gone}/token"}, endpoint=gone)
    assert isinstance((await gateway.send([(PHONE, HINT)]))[0], Unknown)
    await gateway.close()


async def test_a_message_over_the_limit_of_fcm_is_rejected(gateway: FcmPushGateway, fake: FakeFcm) -> None:
    long = PushMessage(message_id="msg-2", type="TASK_OFFERED", id="x" * 4096, seq=1, urgency="high")
    assert await gateway.send([(PHONE, long)]) == [Rejected("Android message is too big")]
    assert fake.received(refused_too=True) == []


async def test_a_revoked_access_token_is_renewed_once_for_all(gateway: FcmPushGateway, fake: FakeFcm) -> None:
    await gateway.send([(PHONE, HINT)])
    before = fake.sign_ins()
    fake.sign_out_everyone()
    outcomes = await gateway.send([(PHONE, HINT)] * 8)
    assert {type(outcome) for outcome in outcomes} == {Delivered}
    assert fake.sign_ins() == before + 1


async def test_signing_in_never_stalls_the_event_loop(gateway: FcmPushGateway) -> None:
    longest_pause = 0.0

    async def watch() -> None:
        nonlocal longest_pause
        while True:
            before = time.monotonic()
            await asyncio.sleep(0)
            longest_pause = max(longest_pause, time.monotonic() - before)

    watching = asyncio.create_task(watch())
    await gateway.warm()
    watching.cancel()
    assert longest_pause < 0.25


async def test_a_push_adds_less_than_twenty_milliseconds(gateway: FcmPushGateway) -> None:
    await gateway.send([(PHONE, HINT)])
    taken: list[float] = []
    for _ in range(50):
        started = time.perf_counter()
        await gateway.send([(PHONE, HINT)])
        taken.append(time.perf_counter() - started)
    print(
        f"push round trip: median {statistics.median(taken) * 1000:.1f} ms, worst {max(taken) * 1000:.1f} ms"
    )
    assert statistics.median(taken) < 0.02


async def test_a_phone_is_told_while_it_waits(gateway: FcmPushGateway, fake: FakeFcm) -> None:
    waiting = asyncio.create_task(asyncio.to_thread(fake.received, 0, token=PHONE.value, wait_ms=5000))
    await gateway.send([(OTHER_PHONE, HINT), (PHONE, HINT)])
    [push] = await waiting
    assert (push["token"], push["data"]["id"]) == (PHONE.value, "task-7")
