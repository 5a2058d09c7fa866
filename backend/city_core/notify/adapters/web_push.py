"""Hints to browsers: RFC 8030 (push), RFC 8291 (encryption), RFC 8292 (VAPID); alone knows pywebpush.

pywebpush encrypts and py_vapid signs; the requests are ours, because theirs wait in a thread or open a new
connection for every hint.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from hashlib import blake2b
from urllib.parse import urlsplit

import httpx
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPusher

from city_core.notify.adapters.rest import SEND_LIMIT_S, hint_json, rest_client, send_each, unwell
from city_core.notify.ports import (
    AddressGone,
    Delivered,
    Outcome,
    PushAddress,
    PushMessage,
    Rejected,
)
from city_core.people.push_addresses import are_browser_keys, is_push_endpoint

# RFC 8291 takes 103 of the 4,096 bytes that every push service accepts.
MOST_PLAIN_BYTES = 3993
_TTL_S = {"normal": 2 * 86_400, "high": 86_400, "emergency": 3600}
_URGENCY = {"normal": "normal", "high": "high", "emergency": "high"}
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
# A signature may live for 24 hours at most; one of ours for two, and is used for one.
_SIGNED_FOR_S, _USED_FOR_S = 7200, 3600
_GONE = (httpx.codes.NOT_FOUND, httpx.codes.GONE)
_TAKEN = (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.ACCEPTED, httpx.codes.NO_CONTENT)


class WebPushGateway:
    """Sends hints to browsers at the push services that are allowed; one instance for a process."""

    name = "webpush"

    def __init__(
        self, private_key: str, contact: str, *, hosts: str, send_limit_s: float = SEND_LIMIT_S
    ) -> None:
        """Signs as `contact`; `hosts` are the push services that a subscription may name."""
        self._vapid = Vapid02.from_raw(private_key.encode())
        self._contact = contact
        self._hosts = hosts
        self._send_limit_s = send_limit_s
        self._signed: dict[str, tuple[float, str]] = {}
        self._client = rest_client(hosts)

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        """Sends each hint, encrypted for its browser alone."""
        return await send_each(batch, self._send_one, self._send_limit_s)

    async def close(self) -> None:
        """Closes the connections to the push services."""
        await self._client.aclose()

    async def _send_one(self, address: PushAddress, message: PushMessage) -> Outcome:
        if not is_push_endpoint(address.value, self._hosts):
            return Rejected("HOST_NOT_ALLOWED")
        body = _encrypted(address, hint_json(message).encode())
        if not isinstance(body, bytes):
            return body
        headers = {
            "Authorization": self._signature(address.value),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(_TTL_S[message.urgency]),
            "Urgency": _URGENCY[message.urgency],
            "Topic": topic_of(message.message_id),
        }
        return _outcome_of(await self._client.post(address.value, content=body, headers=headers))

    def _signature(self, endpoint: str) -> str:
        """Sign for a push service, as RFC 8292 asks: its origin, an end, and whom to reach."""
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        now = time.time()
        until, header = self._signed.get(origin, (0.0, ""))
        if now < until:
            return header
        claims = {"aud": origin, "exp": int(now) + _SIGNED_FOR_S, "sub": self._contact}
        header = str(self._vapid.sign(claims)["Authorization"])
        if len(self._signed) >= 100:
            self._signed.clear()
        self._signed[origin] = (now + _USED_FOR_S, header)
        return header


def topic_of(message_id: str) -> str:
    """Name a message for a push service, which keeps the latest of a topic: at most 32 of base64url."""
    if _TOPIC.fullmatch(message_id):
        return message_id
    return str(b64urlencode(blake2b(message_id.encode(), digest_size=24).digest()))


def _encrypted(address: PushAddress, plain: bytes) -> bytes | Outcome:
    if len(plain) > MOST_PLAIN_BYTES:
        return Rejected("TOO_LARGE")
    if not are_browser_keys(address.keys):
        return AddressGone("KEYS_INVALID")
    try:
        subscription = {"endpoint": address.value, "keys": dict(address.keys)}
        return bytes(WebPusher(subscription).encode(plain)["body"])
    except ValueError:  # 65 bytes that are no point on the curve
        return AddressGone("KEYS_INVALID")


def _outcome_of(answer: httpx.Response) -> Outcome:
    """Reads what became of a hint; 401 and 403 mean our own key, so no browser is forgotten for them."""
    if (pause := unwell(answer)) is not None:
        return pause
    if answer.status_code in _TAKEN:
        return Delivered(answer.headers.get("Location", "").rpartition("/")[2][:200])
    if answer.status_code in _GONE:
        return AddressGone(f"HTTP_{answer.status_code}")
    return Rejected(f"HTTP_{answer.status_code}")
