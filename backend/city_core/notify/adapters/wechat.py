"""Hints to people in the WeChat mini-program: subscribe messages 订阅消息, one for each time they said yes.

Forms and codes are those of WeChat's "发送订阅消息" (sendMessage, POST /cgi-bin/message/subscribe/send) and
"获取稳定版接口调用凭据" (getStableAccessToken, POST /cgi-bin/stable_token, which gives every process the same
token while it lasts, so that several workers do not take it from each other).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx
import structlog

from city_core.notify.adapters.access_token import AccessToken, Granted, SignInRefused
from city_core.notify.adapters.rest import (
    MOST_BYTES,
    QUOTA_PAUSE_S,
    SEND_LIMIT_S,
    UNAVAILABLE_PAUSE_S,
    json_body,
    rest_client,
    send_each,
    unwell,
)
from city_core.notify.ports import (
    Delivered,
    Outcome,
    PushAddress,
    PushMessage,
    Rejected,
    RetryAfter,
    Unknown,
)

_REFUSED_BY_PERSON = 43101
_TOKEN_REFUSED = frozenset({40001, 40014, 42001})
_NEVER = frozenset({40003, 40013, 40037, 41030, 43107, 45168, 47003})
_PAUSES_S = {
    -1: UNAVAILABLE_PAUSE_S,  # the system is busy
    43108: UNAVAILABLE_PAUSE_S,  # two messages to one person at once
    45009: 3600.0,  # the calls of the day are used up
    45011: QUOTA_PAUSE_S,  # too many calls a minute
}
# A keyword of the kind `thing` holds 20 characters at most.
_TEXT = "您有新的消息，请打开查看"
log = structlog.get_logger(__name__)


class Consents(Protocol):
    """How often people have said yes to a message of a template, and not yet got it."""

    async def take(self, openid: str, template_id: str) -> bool:
        """Takes one of them; false where none is left."""
        ...

    async def give_back(self, openid: str, template_id: str) -> None:
        """Gives one back that was not used."""
        ...

    async def forget(self, openid: str, template_id: str) -> None:
        """Sets them to none: WeChat knows of no more."""
        ...


@dataclass(frozen=True)
class MiniProgram:
    """A mini-program with the one template of its hints: `field` is the template's keyword for the text."""

    app_id: str
    app_secret: str
    template_id: str
    field: str
    page: str


class WechatPushGateway:
    """Sends hints to people in WeChat while they have consents left; one instance for a process."""

    name = "wechat"

    def __init__(
        self,
        program: MiniProgram,
        consents: Consents,
        *,
        endpoint: str,
        send_limit_s: float = SEND_LIMIT_S,
    ) -> None:
        """Signs in with the first hint."""
        self._program = program
        self._consents = consents
        self._endpoint = endpoint.rstrip("/")
        self._send_limit_s = send_limit_s
        self._client = rest_client(endpoint)
        self._access = AccessToken(self._sign_in)

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Sends each hint for one consent of its person; a hint that was not taken gives it back."""
        return await send_each(batch, self._send_one, self._send_limit_s)

    async def close(self) -> None:
        """Closes the connections to WeChat."""
        await self._client.aclose()

    async def _send_one(self, address: PushAddress, message: PushMessage) -> Outcome:
        """WeChat keeps the true count; ours saves asking in vain, so that in doubt it is too high."""
        template_id = self._program.template_id
        if len(message.type) + len(message.id) > MOST_BYTES // 4:
            return Rejected("TOO_LARGE")
        if not await self._consents.take(address.value, template_id):
            return Rejected("NO_CONSENT_LEFT")
        outcome: Outcome = Unknown("BROKEN_OFF")
        try:
            outcome = await self._deliver(address.value, message)
        finally:
            if outcome == Rejected("NO_CONSENT_LEFT"):
                await self._consents.forget(address.value, template_id)
            elif not isinstance(outcome, Delivered):
                await self._consents.give_back(address.value, template_id)
        return outcome

    async def _deliver(self, openid: str, message: PushMessage) -> Outcome:
        link = urlencode({"type": message.type, "id": message.id, "seq": message.seq})
        body = {
            "touser": openid,
            "template_id": self._program.template_id,
            "page": f"{self._program.page}?{link}",
            "data": {self._program.field: {"value": _TEXT}},
            "miniprogram_state": "formal",
            "lang": "zh_CN",
        }
        token = await self._access.current()
        answer = await self._post(body, token)
        if json_body(answer).get("errcode") in _TOKEN_REFUSED:
            answer = await self._post(body, await self._access.renewed(token))
        return _outcome_of(answer)

    async def _post(self, body: Mapping[str, Any], token: str) -> httpx.Response:
        url = f"{self._endpoint}/cgi-bin/message/subscribe/send"
        return await self._client.post(url, params={"access_token": token}, json=body)

    async def _sign_in(self) -> Granted:
        body = {
            "grant_type": "client_credential", "appid": self._program.app_id,
            "secret": self._program.app_secret, "force_refresh": False,
        }  # fmt: skip
        granted = json_body(await self._client.post(f"{self._endpoint}/cgi-bin/stable_token", json=body))
        if not granted.get("access_token"):
            log.error("push_sign_in_refused", provider="wechat", errcode=granted.get("errcode"))
            raise SignInRefused
        return Granted(str(granted["access_token"]), float(granted.get("expires_in") or 7200))


def _outcome_of(answer: httpx.Response) -> Outcome:
    """Reads what became of a hint. Whoever has no consent left may give one again: their openid stays."""
    if (pause := unwell(answer)) is not None:
        return pause
    body = json_body(answer)
    code = body.get("errcode")
    if code == 0:
        return Delivered(str(body.get("msgid") or ""))
    if code == _REFUSED_BY_PERSON:
        return Rejected("NO_CONSENT_LEFT")
    if code in _PAUSES_S:
        return RetryAfter(_PAUSES_S[code])
    if code in _NEVER:
        return Rejected(f"WECHAT_{code}")
    return Unknown(f"WECHAT_{code}" if isinstance(code, int) else f"HTTP_{answer.status_code}")
