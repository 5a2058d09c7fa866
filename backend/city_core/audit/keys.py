"""Keys of the audit log: made from AUDIT_KEY, which no database and no backup of one has.

Without a key of its own the city derives one from its one secret, as it does for signs. That one stays good
for what was sealed with it, so that a city that sets AUDIT_KEY later can still check its first days.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from city_core.settings import Settings


@dataclass(frozen=True)
class AuditKey:
    """One key of the log, as the keys for one purpose each; `id` names it and tells nothing about it."""

    id: str
    mark: bytes
    seal: bytes
    person: bytes
    signs: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The 32 bytes that a signed head is checked with."""
        return self.signs.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def audit_keys(settings: Settings) -> Sequence[AuditKey]:
    """Give the keys of the log, the newest first: that one marks and seals, each is believed for its rows."""
    own = [settings.audit_key, settings.audit_key_before]
    given = [base64.b64decode(key.get_secret_value()) for key in own if key is not None]
    seed = base64.b64decode(settings.token_private_key.get_secret_value())
    return [_key(secret) for secret in [*given, _for(seed, "audit log")]]


@lru_cache(maxsize=16)
def _key(secret: bytes) -> AuditKey:
    return AuditKey(
        id=_for(secret, "audit key id").hex()[:16],
        mark=_for(secret, "audit mark"),
        seal=_for(secret, "audit seal"),
        person=_for(secret, "audit person"),
        signs=Ed25519PrivateKey.from_private_bytes(_for(secret, "audit head")),
    )


def _for(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, f"yiwang {purpose}".encode(), hashlib.sha256)
