"""Every push service of the city against a stand-in, with what is common to all of them."""

from __future__ import annotations

import base64
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import sha256

import pytest

from city_core.notify.adapters.fcm import FcmPushGateway
from city_core.notify.adapters.huawei import HuaweiPushGateway
from city_core.notify.adapters.web_push import WebPushGateway
from city_core.notify.adapters.wechat import MiniProgram, WechatPushGateway
from city_core.notify.ports import PushAddress, PushGateway, PushMessage
from city_core.people.web_push_key import web_push_public_key
from city_core.settings import Settings
from city_demo.fake_fcm import FakeFcm, service_account
from tests.conftest import TOKEN_KEY
from tests.fakes import huawei, wechat
from tests.fakes.browser_push import FakeBrowserPush
from tests.fakes.huawei import FakeHuawei
from tests.fakes.wechat import FakeWechat

HINT = PushMessage(message_id="0" * 31 + "a", type="TASK_ASSIGNED", id="case-7", seq=3, urgency="high")
VAPID_KEY = base64.urlsafe_b64encode(sha256(b"a city of tests").digest()).decode().rstrip("=")
PROGRAM = MiniProgram(wechat.APP_ID, wechat.APP_SECRET, wechat.TEMPLATE, "thing1", "pages/inbox/inbox")
LIMIT_S = 0.6


class HandConsents:
    """Consents in a dictionary."""

    def __init__(self, each: int = 0) -> None:
        self.left: Counter[str] = Counter()
        self._each = each

    async def take(self, openid: str, template_id: str) -> bool:
        if self.left.setdefault(openid, self._each) < 1:
            return False
        self.left[openid] -= 1
        return True

    async def give_back(self, openid: str, template_id: str) -> None:
        self.left[openid] += 1

    async def forget(self, openid: str, template_id: str) -> None:
        self.left[openid] = 0


@dataclass
class Service:
    """A push service, its stand-in, and how the stand-in is told what to answer.

    `orders` names its words for `gone` and `refused`; every stand-in knows `hang`, `busy:7` and `down`.
    """

    gateway: PushGateway
    phone: Callable[[str], PushAddress]
    order: Callable[[PushAddress, str], None]
    count: Callable[[], int]
    orders: dict[str, str]
    sign_ins: Callable[[], int]
    sign_out_everyone: Callable[[], None]
    secrets: tuple[str, ...] = ()


@contextlib.asynccontextmanager
async def fcm_service() -> AsyncIterator[Service]:
    words = {"busy:7": "QUOTA_EXCEEDED:7", "down": "INTERNAL"}
    with FakeFcm() as fake:
        gateway = FcmPushGateway(service_account(fake.url), endpoint=fake.url, send_limit_s=LIMIT_S)
        await gateway.warm()
        yield Service(
            gateway,
            lambda name: PushAddress("fid", f"fid-of-{name}"),
            lambda phone, order: fake.script(phone.value, [words.get(order, order)]),
            lambda: len(fake.received()),
            {"gone": "UNREGISTERED", "refused": "INVALID_ARGUMENT"},
            fake.sign_ins,
            fake.sign_out_everyone,
        )
        await gateway.close()


@contextlib.asynccontextmanager
async def huawei_service() -> AsyncIterator[Service]:
    async with FakeHuawei().serving() as fake:
        gateway = HuaweiPushGateway(
            huawei.APP_ID,
            huawei.APP_SECRET,
            endpoint=fake.url,
            token_endpoint=fake.url,
            send_limit_s=LIMIT_S,
        )
        yield Service(
            gateway,
            lambda name: PushAddress("token", f"huawei-token-of-{name}", "huawei"),
            lambda phone, order: fake.order(phone.value, order),
            lambda: len(fake.received),
            {"gone": "80300007", "refused": "80300002"},
            lambda: fake.sign_ins,
            fake.sign_out_everyone,
            (huawei.APP_SECRET, "access-token"),
        )
        await gateway.close()


@contextlib.asynccontextmanager
async def web_push_service() -> AsyncIterator[Service]:
    async with FakeBrowserPush().serving() as fake:
        fake.city_key = public_key()
        gateway = WebPushGateway(
            VAPID_KEY, "mailto:push@yiwang.example", hosts=fake.url, send_limit_s=LIMIT_S
        )
        yield Service(
            gateway,
            fake.subscribe,
            lambda phone, order: fake.order(phone.value.rpartition("/")[2], order),
            lambda: len(fake.received),
            {"gone": "410", "refused": "413"},
            lambda: 0,
            lambda: None,
            (VAPID_KEY, "vapid"),
        )
        await gateway.close()


@contextlib.asynccontextmanager
async def wechat_service() -> AsyncIterator[Service]:
    async with FakeWechat().serving() as fake:
        gateway = WechatPushGateway(PROGRAM, HandConsents(each=50), endpoint=fake.url, send_limit_s=LIMIT_S)

        def phone(name: str) -> PushAddress:
            fake.consents[f"openid-of-{name}"] = 50
            return PushAddress("openid", f"openid-of-{name}", "wechat")

        yield Service(
            gateway,
            phone,
            lambda phone, order: fake.order(phone.value, order),
            lambda: len(fake.received),
            {"refused": "47003"},
            lambda: fake.sign_ins,
            fake.sign_out_everyone,
            (wechat.APP_SECRET, "access-token"),
        )
        await gateway.close()


SERVICES = {
    "fcm": fcm_service, "huawei": huawei_service, "webpush": web_push_service, "wechat": wechat_service,
}  # fmt: skip


@pytest.fixture(params=SERVICES)
async def service(request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    async with SERVICES[request.param]() as opened:
        assert opened.gateway.name == request.param
        yield opened


def public_key() -> str:
    """The public half of the city's key."""
    settings = Settings(token_private_key=TOKEN_KEY, web_push_private_key=VAPID_KEY)  # type: ignore[arg-type]
    return web_push_public_key(settings) or ""
