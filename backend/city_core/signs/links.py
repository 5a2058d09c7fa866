"""Where a sign leads: its own page, and from there the app or the mini-program with a report begun."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from city_core.settings import Settings

HOTLINE = "12345"  # 政务服务便民热线


def page_of_sign(settings: Settings, code: str) -> str:
    """Give the address in the QR code of a sign."""
    return f"{settings.public_url.rstrip('/')}/s/{code}"


def link_to_app(settings: Settings, code: str) -> str:
    """Give the address that opens the app at a report from a sign."""
    return settings.sign_app_link.replace("{code}", code)


def link_to_mini_program(settings: Settings, code: str) -> str | None:
    """Give the address that opens the city's mini-program at a report from a sign, where it has one.

    WeChat's plain URL scheme 明文 URL Scheme: the page has to be allowed in the mini-program's settings.
    """
    if not settings.wechat_app_id:
        return None
    query = quote(urlencode({"sign": code}), safe="")
    target = {"appid": settings.wechat_app_id, "path": settings.sign_wechat_page}
    return f"weixin://dl/business/?{urlencode(target)}&query={query}"
