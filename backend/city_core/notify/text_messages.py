"""Chooses how text messages reach phones in this city."""

from __future__ import annotations

from city_core.notify.adapters.http_sms import HttpSmsGateway
from city_core.notify.code_sms import SmsCodeSender
from city_core.notify.sms import LogSmsGateway, SmsGateway
from city_core.people.code_sender import CodeSender, PrintingSender
from city_core.settings import Settings, WrongSetting


def check_text_messages(settings: Settings) -> None:
    """Say what is missing for the carrier that the operator chose."""
    if settings.sms_gateway == "http" and not (settings.sms_endpoint and settings.sms_secret):
        raise WrongSetting("SMS_GATEWAY=http needs SMS_ENDPOINT and SMS_SECRET.")


def sms_gateway_of(settings: Settings) -> SmsGateway:
    """Open the carrier of text messages that the operator chose."""
    check_text_messages(settings)
    if settings.sms_gateway == "log" or settings.sms_secret is None:
        return LogSmsGateway()
    return HttpSmsGateway(settings.sms_endpoint or "", settings.sms_secret.get_secret_value())


def code_sender_of(settings: Settings) -> CodeSender:
    """Choose what brings one-time codes to phones: the carrier, or in development the screen."""
    if settings.sms_gateway == "log":
        return PrintingSender()
    return SmsCodeSender(sms_gateway_of(settings))
