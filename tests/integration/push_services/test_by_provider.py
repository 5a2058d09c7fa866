"""Each device through its own push service; what a city has not set up is refused, and said once."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from hashlib import sha256

import pytest
from structlog.testing import capture_logs

from city_core.kit.city import City
from city_core.notify.adapters.by_provider import ByProviderGateway
from city_core.notify.adapters.log import LogPushGateway
from city_core.notify.gateways import check_gateways, push_gateway_of
from city_core.notify.ports import Delivered, Outcome, PushAddress, PushMessage, Rejected
from city_core.notify.text_messages import sms_gateway_of
from city_core.settings import Settings, WrongSetting
from tests.conftest import TOKEN_KEY
from tests.integration.push_services.conftest import HINT, VAPID_KEY

GOOGLE, HUAWEI = PushAddress("token", "google-phone"), PushAddress("token", "huawei-phone", "huawei")
XIAOMI = PushAddress("registration", "xiaomi-phone", "xiaomi")

BEYOND_THE_CURVE = base64.urlsafe_b64encode(b"\xff" * 5 + sha256(b"x").digest()[5:]).decode().rstrip("=")


class Noting:
    """Delivers everything, and waits for its turn first."""

    def __init__(self, name: str, turn: asyncio.Event | None = None) -> None:
        self.name = name
        self.is_closed = False
        self._turn = turn

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        if self._turn is not None:
            await self._turn.wait()
        return [Delivered(f"{self.name}:{address.value}") for address, _ in batch]

    async def close(self) -> None:
        self.is_closed = True


async def test_a_batch_is_parted_and_put_together_again() -> None:
    fcm, huawei = Noting("fcm"), Noting("huawei")
    gateway = ByProviderGateway({"fcm": fcm, "huawei": huawei})
    with capture_logs() as lines:
        outcomes = await gateway.send([(phone, HINT) for phone in (HUAWEI, XIAOMI, GOOGLE, HUAWEI, XIAOMI)])
        await gateway.send([(XIAOMI, HINT)])
    assert outcomes == [
        Delivered("huawei:huawei-phone"),
        Rejected("PROVIDER_NOT_SET_UP"),
        Delivered("fcm:google-phone"),
        Delivered("huawei:huawei-phone"),
        Rejected("PROVIDER_NOT_SET_UP"),
    ]
    expected = {"event": "push_provider_not_set_up", "provider": "xiaomi", "log_level": "error"}
    assert lines == [expected]
    await gateway.close()
    assert fcm.is_closed
    assert huawei.is_closed


async def test_the_services_send_at_the_same_time() -> None:
    turn = asyncio.Event()

    class Opening(Noting):
        async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
            turn.set()
            return await super().send(batch)

    gateway = ByProviderGateway({"fcm": Noting("fcm", turn), "huawei": Opening("huawei")})
    async with asyncio.timeout(5):
        outcomes = await gateway.send([(GOOGLE, HINT), (HUAWEI, HINT)])
    assert {type(outcome) for outcome in outcomes} == {Delivered}


def settings(**more: object) -> Settings:
    return Settings(token_private_key=TOKEN_KEY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"push_gateway": "fcm"}, "FCM_SERVICE_ACCOUNT"),
        ({"push_gateway": "providers"}, "a push service that is set up"),
        ({"push_gateway": "providers", "huawei_app_id": "1"}, "a push service that is set up"),
        ({"web_push_private_key": VAPID_KEY}, "WEB_PUSH_CONTACT"),
        ({"web_push_private_key": BEYOND_THE_CURVE}, "P-256"),
        ({"sms_gateway": "http", "sms_endpoint": "https://sms.example"}, "SMS_SECRET"),
    ],
)
def test_what_is_missing_is_said(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(WrongSetting, match=sentence):
        check_gateways(settings(**given))


async def test_the_services_that_are_set_up_are_opened(city: City) -> None:
    assert isinstance(await push_gateway_of(city), LogPushGateway)
    given = {
        "push_gateway": "providers", "huawei_app_id": "1", "huawei_app_secret": "s",
        "web_push_private_key": VAPID_KEY, "web_push_contact": "mailto:push@yiwang.example",
        "wechat_app_id": "wx", "wechat_app_secret": "s", "wechat_template_id": "t",
    }  # fmt: skip
    gateway = await push_gateway_of(City(city.database, city.clock, city.waker, settings(**given)))
    assert isinstance(gateway, ByProviderGateway)
    assert list(gateway._gateways) == ["huawei", "webpush", "wechat"]
    await gateway.close()
    assert sms_gateway_of(settings()).name == "log"
    http = {
        "sms_gateway": "http",
        "sms_endpoint": "https://sms.example",
        "sms_secret": "long and mixed, 7x9",
    }
    assert sms_gateway_of(settings(**http)).name == "http"
