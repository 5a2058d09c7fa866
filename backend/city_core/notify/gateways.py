"""Chooses how hints reach phones in this city."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from city_core.kit.city import City
from city_core.notify.adapters.by_provider import ByProviderGateway
from city_core.notify.adapters.fcm import FcmPushGateway
from city_core.notify.adapters.huawei import HuaweiPushGateway
from city_core.notify.adapters.log import LogPushGateway
from city_core.notify.adapters.web_push import WebPushGateway
from city_core.notify.adapters.wechat import MiniProgram, WechatPushGateway
from city_core.notify.consents.stored import StoredConsents
from city_core.notify.ports import PushGateway
from city_core.notify.text_messages import check_text_messages
from city_core.people.push_addresses import Provider
from city_core.people.web_push_key import web_push_public_key
from city_core.settings import Settings, WrongSetting


def check_gateways(settings: Settings) -> None:
    """Say what is missing for the push services that the operator chose."""
    if settings.push_gateway == "fcm" and not _has_fcm(settings):
        raise WrongSetting("PUSH_GATEWAY=fcm needs FCM_SERVICE_ACCOUNT, the file of the service account.")
    if settings.push_gateway == "providers" and not any(
        is_there(settings) for is_there, _ in _OPENERS.values()
    ):
        raise WrongSetting("PUSH_GATEWAY=providers needs a push service that is set up (see .env.example).")
    check_text_messages(settings)
    web_push_public_key(settings)
    contact = settings.web_push_contact
    if settings.web_push_private_key is not None and not contact.startswith(("mailto:", "https://")):
        raise WrongSetting("WEB_PUSH_PRIVATE_KEY needs WEB_PUSH_CONTACT, a mailto: or https: address.")


async def push_gateway_of(city: City) -> PushGateway:
    """Open the push services that the operator set up, ready for the first hint."""
    check_gateways(city.settings)
    if city.settings.push_gateway == "log":
        return LogPushGateway()
    gateways: dict[Provider, PushGateway] = {
        provider: opened(city) for provider, (is_there, opened) in _OPENERS.items() if is_there(city.settings)
    }
    for gateway in gateways.values():
        if isinstance(gateway, FcmPushGateway):
            await gateway.warm()
    return ByProviderGateway(gateways)


def _has_fcm(settings: Settings) -> bool:
    return settings.fcm_service_account is not None and settings.fcm_service_account.is_file()


def _fcm(city: City) -> PushGateway:
    account = city.settings.fcm_service_account
    assert account is not None
    return FcmPushGateway(account, endpoint=city.settings.fcm_endpoint)


def _has_huawei(settings: Settings) -> bool:
    return bool(settings.huawei_app_id and settings.huawei_app_secret)


def _huawei(city: City) -> PushGateway:
    given = city.settings
    return HuaweiPushGateway(
        given.huawei_app_id or "",
        _open(given.huawei_app_secret),
        endpoint=given.huawei_endpoint,
        token_endpoint=given.huawei_token_endpoint,
    )


def _has_web_push(settings: Settings) -> bool:
    return settings.web_push_private_key is not None


def _web_push(city: City) -> PushGateway:
    given = city.settings
    return WebPushGateway(
        _open(given.web_push_private_key), given.web_push_contact, hosts=given.web_push_hosts
    )


def _has_wechat(settings: Settings) -> bool:
    return bool(settings.wechat_app_id and settings.wechat_app_secret and settings.wechat_template_id)


def _wechat(city: City) -> PushGateway:
    given = city.settings
    program = MiniProgram(
        app_id=given.wechat_app_id or "",
        app_secret=_open(given.wechat_app_secret),
        template_id=given.wechat_template_id or "",
        field=given.wechat_template_field,
        page=given.wechat_page,
    )
    return WechatPushGateway(program, StoredConsents(city), endpoint=given.wechat_endpoint)


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


# A new push service is one adapter and one line here.
_OPENERS: dict[Provider, tuple[Callable[[Settings], bool], Callable[[City], PushGateway]]] = {
    "fcm": (_has_fcm, _fcm),
    "huawei": (_has_huawei, _huawei),
    "webpush": (_has_web_push, _web_push),
    "wechat": (_has_wechat, _wechat),
}
