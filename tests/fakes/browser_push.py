"""A push service of browsers with the browsers behind it: it checks VAPID, and they decrypt what it took."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from typing import Any

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from city_core.notify.ports import PushAddress
from tests.fakes.service import Answer, Asked, FakeService, unwell

_AUTHORIZATION = re.compile(r"vapid t=([^,]+),k=([A-Za-z0-9_-]+)")


class FakeBrowserPush(FakeService):
    """RFC 8030, 8291 and 8292; orders are HTTP statuses, or common ones."""

    def __init__(self) -> None:
        super().__init__()
        self._browsers: dict[str, tuple[ec.EllipticCurvePrivateKey, bytes]] = {}
        self.city_key = ""

    def subscribe(self, name: str) -> PushAddress:
        """A browser subscribes: its endpoint, and the keys that only it can decrypt for."""
        private, secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self._browsers[name] = private, secret
        public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _text(public), "auth": _text(secret)}
        return PushAddress("subscription", f"{self.url}/push/{name}", "webpush", keys)

    def answer(self, asked: Asked) -> Answer | str:
        name = asked.path.removeprefix("/push/")
        order = self.next_order(name)
        if order is not None:
            return unwell(order) or Answer(int(order))
        if name not in self._browsers:
            return Answer(404)
        if not self._is_signed(asked.headers.get("authorization", "")):
            return Answer(403)
        if not asked.headers.get("ttl", "").isdigit() or asked.headers.get("content-encoding") != "aes128gcm":
            return Answer(400)
        if len(asked.body) > 4096:
            return Answer(413)
        self.received.append({**self._decrypt(name, asked.body), "headers": asked.headers})
        return Answer(201, headers={"Location": f"{self.url}/message/{len(self.received)}"})

    def _is_signed(self, header: str) -> bool:
        match = _AUTHORIZATION.fullmatch(header)
        if match is None or match[2] != self.city_key:
            return False
        point = base64.urlsafe_b64decode(match[2] + "=")
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        claims = jwt.decode(match[1], public, algorithms=["ES256"], audience=self.url)
        return claims["sub"].startswith("mailto:") and claims["exp"] <= time.time() + 86_400

    def _decrypt(self, name: str, body: bytes) -> dict[str, Any]:
        private, secret = self._browsers[name]
        plain = http_ece.decrypt(body, private_key=private, auth_secret=secret, version="aes128gcm")
        read: dict[str, Any] = json.loads(plain)
        return read


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
