"""What the dispatcher can rely on, whichever push service carries the hint."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from city_core.notify.adapters.huawei import HuaweiPushGateway
from city_core.notify.adapters.rest import UNAVAILABLE_PAUSE_S
from city_core.notify.adapters.web_push import WebPushGateway
from city_core.notify.adapters.wechat import WechatPushGateway
from city_core.notify.ports import (
    AddressGone,
    Delivered,
    PushAddress,
    PushGateway,
    Rejected,
    RetryAfter,
    Unknown,
)
from city_demo.embedded.ports import free_port
from tests.fakes.browser_push import FakeBrowserPush
from tests.integration.push_services.conftest import (
    HINT,
    LIMIT_S,
    PROGRAM,
    VAPID_KEY,
    HandConsents,
    Service,
)

CALM = replace(HINT, urgency="normal")


async def test_each_hint_has_its_outcome_in_order(service: Service) -> None:
    phones = [service.phone(name) for name in ("one", "two", "three")]
    service.order(phones[1], service.orders["refused"])
    outcomes = await service.gateway.send([(phones[0], HINT), (phones[1], HINT), (phones[2], CALM)])
    assert [type(outcome) for outcome in outcomes] == [Delivered, Rejected, Delivered]
    assert service.count() == 2


async def test_an_empty_batch_is_nothing(service: Service) -> None:
    assert await service.gateway.send([]) == []


# An openid is never gone: whoever said no may say yes again.
@pytest.mark.parametrize("service", ["fcm", "huawei", "webpush"], indirect=True)
async def test_a_device_that_is_gone_is_told_from_one_that_is_refused(service: Service) -> None:
    phone = service.phone("one")
    service.order(phone, service.orders["gone"])
    [outcome] = await service.gateway.send([(phone, HINT)])
    assert isinstance(outcome, AddressGone)
    assert isinstance((await service.gateway.send([(phone, HINT)]))[0], Delivered)


async def test_a_busy_service_says_when_to_come_back(service: Service) -> None:
    phone = service.phone("one")
    service.order(phone, "busy:7")
    assert await service.gateway.send([(phone, HINT)]) == [RetryAfter(7)]
    service.order(phone, "down")
    assert await service.gateway.send([(phone, HINT)]) == [RetryAfter(UNAVAILABLE_PAUSE_S)]
    assert service.count() == 0


async def test_a_hanging_device_is_unknown_in_bounded_time_and_delays_no_other(service: Service) -> None:
    dead, alive = service.phone("dead"), service.phone("alive")
    await service.gateway.send([(alive, HINT)])
    service.order(dead, "hang")
    started = time.monotonic()
    outcomes = await service.gateway.send([(dead, HINT), *[(alive, HINT)] * 20])
    assert time.monotonic() - started < LIMIT_S + 1.5
    assert outcomes[0] == Unknown("TIMEOUT")
    assert {type(outcome) for outcome in outcomes[1:]} == {Delivered}


async def test_a_revoked_access_token_is_renewed_once_for_all(service: Service) -> None:
    phone = service.phone("one")
    await service.gateway.send([(phone, HINT)])
    before = service.sign_ins()
    service.sign_out_everyone()
    outcomes = await service.gateway.send([(phone, HINT)] * 12)
    assert {type(outcome) for outcome in outcomes} == {Delivered}
    assert service.sign_ins() <= before + 1


async def test_what_is_over_four_kilobytes_is_never_sent(service: Service) -> None:
    long = replace(HINT, id="x" * 4096)
    [outcome] = await service.gateway.send([(service.phone("one"), long)])
    assert isinstance(outcome, Rejected)
    assert service.count() == 0


async def test_no_secret_and_no_address_reaches_a_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    phones = [service.phone(name) for name in ("one", "two", "three")]
    for phone, order in zip(phones, (service.orders["refused"], "down", "busy:7"), strict=True):
        service.order(phone, order)
    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        outcomes = await service.gateway.send([(phone, HINT) for phone in phones])
    told = str(lines) + caplog.text + str(outcomes) + str(phones)
    secrets = [*service.secrets, *(phone.value for phone in phones)]
    assert [secret for secret in secrets if secret in told] == []


async def test_an_unreachable_service_is_unknown() -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    phones = FakeBrowserPush()
    phones.url = gone
    unreachable: list[tuple[PushGateway, PushAddress]] = [
        (
            HuaweiPushGateway("id", "secret", endpoint=gone, token_endpoint=gone),
            PushAddress("token", "huawei-token", "huawei"),
        ),
        (WebPushGateway(VAPID_KEY, "mailto:push@yiwang.example", hosts=gone), phones.subscribe("one")),
        (
            WechatPushGateway(PROGRAM, HandConsents(each=1), endpoint=gone),
            PushAddress("openid", "openid-of-one", "wechat"),
        ),
    ]
    for gateway, phone in unreachable:
        assert isinstance((await gateway.send([(phone, HINT)]))[0], Unknown)
        await gateway.close()
