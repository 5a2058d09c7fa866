"""Text messages through the city's own platform: a signed request that any platform can take.

Carriers in China send approved templates under a registered signature, which each platform words otherwise;
so the city's platform, or a small bridge before a carrier, takes this form (`backend/push-services.md`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable

import httpx

from city_core.notify.adapters.rest import SEND_LIMIT_S, ended, json_body, rest_client, unwell
from city_core.notify.ports import AddressGone, Delivered, Outcome, Rejected


class HttpSmsGateway:
    """Hands texts to the platform; one instance for a process, bound to its event loop."""

    name = "http"

    def __init__(
        self,
        endpoint: str,
        secret: str,
        *,
        send_limit_s: float = SEND_LIMIT_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Signs with `secret`; the platform refuses what is older than it accepts."""
        self._endpoint = endpoint
        self._secret = secret.encode()
        self._send_limit_s = send_limit_s
        self._now = now
        self._client = rest_client(endpoint)

    async def send(self, phone: str, text: str, message_id: str) -> Outcome:
        """Hands one text over; the platform sends what has the same message id once."""
        return await ended(self._hand_over(phone, text, message_id), self._send_limit_s)

    async def close(self) -> None:
        """Closes the connections to the platform."""
        await self._client.aclose()

    async def _hand_over(self, phone: str, text: str, message_id: str) -> Outcome:
        body = json.dumps(
            {"messageId": message_id, "phone": phone, "text": text}, ensure_ascii=False
        ).encode()
        stamp = str(int(self._now()))
        headers = {
            "Content-Type": "application/json",
            "X-Yiwang-Timestamp": stamp,
            "X-Yiwang-Signature": signature(self._secret, stamp, body),
        }
        return _outcome_of(await self._client.post(self._endpoint, content=body, headers=headers), message_id)


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """Sign a request: HMAC-SHA256 over the time in seconds, a full stop and the body, as hex digits."""
    return "v1=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _outcome_of(answer: httpx.Response, message_id: str) -> Outcome:
    if (pause := unwell(answer)) is not None:
        return pause
    if answer.is_success:
        return Delivered(str(json_body(answer).get("id") or message_id)[:200])
    if answer.status_code == httpx.codes.GONE:
        return AddressGone("NO_SUCH_PHONE")
    return Rejected(f"HTTP_{answer.status_code}")
