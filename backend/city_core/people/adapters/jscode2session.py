"""WeChat's `jscode2session`: a mini-program's login code for the openid of whoever logged in.

Source: WeChat's server documents for mini-programs, "auth.code2Session": `errcode` 0 or absent is success;
-1 busy, 40029 wrong code, 40163 used code, 40226 blocked person, 45011 too often for one person.
"""

from __future__ import annotations

from typing import Any

import httpx
import structlog

from city_core.people.wechat import NoWechat, WechatLogin, WechatPerson, WechatRefused, WechatUnavailable
from city_core.settings import Settings

_ENDPOINT = "https://api.weixin.qq.com"
_PATIENCE_SECONDS = 5.0
_REFUSED = frozenset({40029, 40163, 40226, 41008})
_BUSY = frozenset({-1, 45011})
_LONGEST_OPENID = 128
log = structlog.get_logger()


class JsCode2Session:
    """Asks WeChat; neither the code, the secret nor the session key of the answer is kept or logged."""

    def __init__(self, app_id: str, secret: str, endpoint: str | None = None) -> None:
        self._given = {"appid": app_id, "secret": secret, "grant_type": "authorization_code"}
        self._trusted = httpx.create_ssl_context()  # once: it takes 40 ms, and nobody is answered then
        self._url = f"{(endpoint or _ENDPOINT).rstrip('/')}/sns/jscode2session"

    async def person_of(self, code: str) -> WechatPerson:
        """Tell who logged in with this code."""
        answer = await self._ask(code)
        fault = answer.get("errcode", 0)
        if fault in _REFUSED:
            raise WechatRefused
        if fault in _BUSY:
            raise WechatUnavailable
        openid = answer.get("openid")
        if fault != 0 or not isinstance(openid, str) or not 1 <= len(openid) <= _LONGEST_OPENID:
            log.error("wechat_login_not_set_up", errcode=fault if isinstance(fault, int) else None)
            raise WechatUnavailable
        return WechatPerson(openid)

    async def _ask(self, code: str) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(
                timeout=_PATIENCE_SECONDS, trust_env=False, verify=self._trusted
            ) as http:
                response = await http.get(self._url, params={**self._given, "js_code": code})
            answer = response.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            # Its words hold the address that was asked, and that holds the secret.
            log.warning("wechat_unavailable", error=type(error).__name__)
            raise WechatUnavailable from None
        if not isinstance(answer, dict):
            raise WechatUnavailable
        return answer


def wechat_login(settings: Settings) -> WechatLogin:
    """Choose the way to WeChat that the operator has set up, or none."""
    if settings.wechat_app_id is None or settings.wechat_app_secret is None:
        return NoWechat()
    secret = settings.wechat_app_secret.get_secret_value()
    return JsCode2Session(settings.wechat_app_id, secret, settings.wechat_endpoint)
