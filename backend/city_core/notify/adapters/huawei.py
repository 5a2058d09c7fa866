"""Hints to phones of Huawei without Google services, through Push Kit's REST interface, version 1.

Forms and result codes are those of "下行消息" (HMS Core references, https-send-api-0000001050986197) and of
"OAuth 2.0 client credentials" (HMS Core guides, oauth2-0000001212610981). It reaches HarmonyOS up to 4;
later systems need version 3 with another form and a signed token: a provider of its own (`harmony`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import httpx
import structlog

from city_core.notify.adapters.access_token import AccessToken, Granted, SignInRefused
from city_core.notify.adapters.rest import (
    MOST_BYTES,
    SEND_LIMIT_S,
    UNAVAILABLE_PAUSE_S,
    hint_json,
    json_body,
    rest_client,
    send_each,
    unwell,
)
from city_core.notify.ports import (
    AddressGone,
    Delivered,
    Outcome,
    PushAddress,
    PushMessage,
    Rejected,
    RetryAfter,
    Unknown,
)

_SENT, _PARTLY_SENT, _NO_VALID_TOKEN = "80000000", "80100000", "80300007"
_TOKEN_REFUSED = frozenset({"80200001", "80200003"})
_OUT_OF_ORDER = frozenset({"80600003", "81000001"})
_OPENS_THE_APP = 3
log = structlog.get_logger(__name__)


class HuaweiPushGateway:
    """Sends hints to Huawei's phones; one instance for a process, bound to its event loop."""

    name = "huawei"

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        *,
        endpoint: str,
        token_endpoint: str,
        send_limit_s: float = SEND_LIMIT_S,
    ) -> None:
        """Signs in with the first hint."""
        self._url = f"{endpoint.rstrip('/')}/v1/{app_id}/messages:send"
        self._token_url = f"{token_endpoint.rstrip('/')}/oauth2/v3/token"
        self._credentials = {
            "grant_type": "client_credentials", "client_id": app_id, "client_secret": app_secret,
        }  # fmt: skip
        self._send_limit_s = send_limit_s
        self._client = rest_client(endpoint, token_endpoint)
        self._access = AccessToken(self._sign_in)

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Sends each hint in a request of its own, so that each has its own outcome."""
        return await send_each(batch, self._send_one, self._send_limit_s)

    async def close(self) -> None:
        """Closes the connections to Huawei."""
        await self._client.aclose()

    async def _send_one(self, address: PushAddress, message: PushMessage) -> Outcome:
        hint = huawei_message(message)
        if len(json.dumps(hint).encode()) > MOST_BYTES:
            return Rejected("TOO_LARGE")
        body = {"validate_only": False, "message": {**hint, "token": [address.value]}}
        token = await self._access.current()
        answer = await self._post(body, token)
        if _token_was_refused(answer):
            answer = await self._post(body, await self._access.renewed(token))
        return _outcome_of(answer, address.value)

    async def _post(self, body: Mapping[str, Any], token: str) -> httpx.Response:
        return await self._client.post(self._url, json=body, headers={"Authorization": f"Bearer {token}"})

    async def _sign_in(self) -> Granted:
        answer = await self._client.post(self._token_url, data=self._credentials)
        granted = json_body(answer)
        if answer.status_code != httpx.codes.OK or not granted.get("access_token"):
            log.error("push_sign_in_refused", provider="huawei", status=answer.status_code)
            raise SignInRefused
        return Granted(str(granted["access_token"]), float(granted.get("expires_in") or 3600))


def huawei_message(message: PushMessage) -> dict[str, Any]:
    """Write a hint in Huawei's form.

    What is urgent shows a notification, since a data message does not start an app that was killed. Its text
    is a key that the app translates; the words beside it, for an app that lacks the key, say nothing.
    A repeated hint replaces the one with the same tag.
    """
    data = hint_json(message)
    if message.urgency == "normal":
        return {"data": data, "android": {"urgency": "NORMAL", "ttl": "86400s"}}
    notification = {
        "title": "您有新消息",
        "body": "请打开应用查看。",
        "body_loc_key": f"push_{message.type}",
        "tag": message.message_id,
        "click_action": {"type": _OPENS_THE_APP},
        "importance": "NORMAL",
        "visibility": "PRIVATE",
    }
    return {
        "data": data,
        "android": {"category": "WORK", "ttl": "86400s", "notification": notification},
    }


def _token_was_refused(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.UNAUTHORIZED or json_body(answer).get("code") in _TOKEN_REFUSED


def _outcome_of(answer: httpx.Response, token: str) -> Outcome:
    """Reads what became of a hint; the words of an answer may hold the token and are left out."""
    if (pause := unwell(answer)) is not None:
        return pause
    body = json_body(answer)
    code = str(body.get("code") or "")
    if code == _SENT or (code == _PARTLY_SENT and token not in _illegal_tokens(body)):
        return Delivered(str(body.get("requestId") or ""))
    if code in (_PARTLY_SENT, _NO_VALID_TOKEN):
        return AddressGone(code)
    if code in _TOKEN_REFUSED:
        return Unknown(code)
    if code in _OUT_OF_ORDER:
        return RetryAfter(UNAVAILABLE_PAUSE_S)
    return Rejected(code or f"HTTP_{answer.status_code}")


def _illegal_tokens(body: Mapping[str, Any]) -> list[str]:
    with suppress(ValueError, AttributeError, TypeError):
        return list(json.loads(body["msg"]).get("illegal_tokens") or [])
    return []
