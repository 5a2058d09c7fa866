"""Text messages and one-time codes through the city's own platform."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from city_core.kit.city import City
from city_core.notify.adapters.http_sms import HttpSmsGateway
from city_core.notify.code_sms import SmsCodeSender
from city_core.notify.ports import AddressGone, Delivered, Outcome, Rejected, RetryAfter, Unknown
from city_core.notify.sms import LogSmsGateway, SmsGateway
from city_core.people.code_sender import CodeNotSent
from city_core.people.one_time_codes import request_code, sign_in_citizen
from tests.fakes.sms_platform import SECRET, FakeSmsPlatform

PHONE, TEXT = "13800138000", "您有一项任务即将超时，请尽快办理。"


@pytest.fixture
async def platform() -> AsyncIterator[FakeSmsPlatform]:
    async with FakeSmsPlatform().serving() as serving:
        yield serving


@pytest.fixture
async def gateway(platform: FakeSmsPlatform) -> AsyncIterator[HttpSmsGateway]:
    opened = HttpSmsGateway(platform.url, SECRET, send_limit_s=0.5)
    yield opened
    await opened.close()


@pytest.mark.parametrize("name", ["http", "log"])
async def test_every_carrier_takes_a_text_and_logs_neither_phone_nor_text(
    gateway: HttpSmsGateway, name: str
) -> None:
    carriers: dict[str, SmsGateway] = {"http": gateway, "log": LogSmsGateway()}
    with capture_logs() as lines:
        assert isinstance(await carriers[name].send(PHONE, TEXT, "message-1"), Delivered)
    assert carriers[name].name == name
    assert PHONE not in str(lines)
    assert "超时" not in str(lines)


async def test_a_text_that_is_repeated_reaches_the_phone_once(
    gateway: HttpSmsGateway, platform: FakeSmsPlatform
) -> None:
    for _ in range(3):
        assert await gateway.send(PHONE, TEXT, "message-1") == Delivered("sms-1")
    assert platform.phones == {"message-1": {"messageId": "message-1", "phone": PHONE, "text": TEXT}}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("410", AddressGone("NO_SUCH_PHONE")),
        ("404", Rejected("HTTP_404")),
        ("422", Rejected("HTTP_422")),
        ("busy:30", RetryAfter(30)),
        ("down", RetryAfter(10)),
        ("hang", Unknown("TIMEOUT")),
    ],
)
async def test_an_answer_of_the_platform_is_understood(
    gateway: HttpSmsGateway, platform: FakeSmsPlatform, told: str, expected: Outcome
) -> None:
    platform.order(PHONE, told)
    assert await gateway.send(PHONE, TEXT, "message-1") == expected


async def test_an_order_that_is_signed_wrongly_or_long_ago_is_refused(platform: FakeSmsPlatform) -> None:
    for wrong in (
        HttpSmsGateway(platform.url, "other"),
        HttpSmsGateway(platform.url, SECRET, now=lambda: 1e9),
    ):
        assert await wrong.send(PHONE, TEXT, "message-1") == Rejected("HTTP_401")
        await wrong.close()
    assert platform.received == []


async def test_a_citizen_signs_in_with_the_code_from_the_text(
    city: City, gateway: HttpSmsGateway, platform: FakeSmsPlatform
) -> None:
    await request_code(city, PHONE, SmsCodeSender(gateway))
    [text] = platform.received
    code = "".join(character for character in text["text"].partition("，")[0] if character.isdigit())
    assert (await sign_in_citizen(city, PHONE, code)).token


async def test_a_code_that_could_not_be_sent_is_logged_without_phone_and_code(
    city: City, gateway: HttpSmsGateway, platform: FakeSmsPlatform
) -> None:
    platform.order(PHONE, "422")
    with capture_logs() as lines, pytest.raises(CodeNotSent):
        await SmsCodeSender(gateway).send(city, PHONE, "123456")
    [line] = lines
    assert (line["event"], line["outcome"], line["reason"]) == ("code_not_sent", "Rejected", "HTTP_422")
    assert PHONE not in str(lines)
    assert "123456" not in str(lines)
