"""Chooses how hints reach phones in this city."""

from __future__ import annotations

from city_core.notify.adapters.fcm import FcmPushGateway
from city_core.notify.adapters.log import LogPushGateway
from city_core.notify.ports import PushGateway
from city_core.settings import Settings, WrongSetting


async def push_gateway_of(settings: Settings) -> PushGateway:
    """Open the push service that the operator chose, signed in and ready for the first hint."""
    if settings.push_gateway == "log":
        return LogPushGateway()
    if settings.fcm_service_account is None or not settings.fcm_service_account.is_file():
        raise WrongSetting("PUSH_GATEWAY=fcm needs FCM_SERVICE_ACCOUNT, the file of the service account.")
    gateway = FcmPushGateway(settings.fcm_service_account, endpoint=settings.fcm_endpoint)
    await gateway.warm()
    return gateway
