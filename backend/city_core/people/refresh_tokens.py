"""Refresh tokens: 256 random bits, each the parent of the next; only hashes are kept.

A token is `session · generation · secret · seal`, opaque to phones. Its successor is made from its own secret
and the city's key: a repeated refresh gets the very same answer, yet neither the database nor the key alone
leads to a token. The seal tells a token that was once ours from one that was made up, so that an old token
that comes back is a copy, and a stranger cannot end somebody's sign-in by inventing one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

GRACE = timedelta(seconds=60)
LONGEST = timedelta(days=180)
_SESSION_BYTES, _GENERATION_BYTES, _SECRET_BYTES, _SEAL_BYTES = 16, 4, 32, 16
_LENGTH = _SESSION_BYTES + _GENERATION_BYTES + _SECRET_BYTES + _SEAL_BYTES
_LONGEST_TEXT = 200


class Verdict(StrEnum):
    """What becomes of a refresh token that a phone shows."""

    ROTATE = "ROTATE"
    REPEAT = "REPEAT"  # the answer was lost: the same successor once more
    REUSED = "REUSED"
    OTHER_DEVICE = "OTHER_DEVICE"
    EXPIRED = "EXPIRED"
    ENDED = "ENDED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class RefreshToken:
    """One token of a session's family."""

    session_id: str
    generation: int
    secret: bytes

    @property
    def hash(self) -> str:
        """The only trace of a token that is kept."""
        return hashlib.sha256(self._head + self.secret).hexdigest()

    @property
    def _head(self) -> bytes:
        return bytes.fromhex(self.session_id) + self.generation.to_bytes(_GENERATION_BYTES, "big")

    def written(self, key: bytes) -> str:
        """Write it as phones keep it."""
        raw = self._head + self.secret
        return base64.urlsafe_b64encode(raw + _seal(key, raw)).decode().rstrip("=")

    def successor(self, key: bytes) -> RefreshToken:
        """Make the token that takes its place; the same one every time."""
        secret = hmac.digest(key, b"next" + self._head + self.secret, hashlib.sha256)
        return RefreshToken(self.session_id, self.generation + 1, secret)


def first_token(session_id: str) -> RefreshToken:
    """Make the first token of a new session."""
    return RefreshToken(session_id, 1, secrets.token_bytes(_SECRET_BYTES))


def read_token(key: bytes, text: str) -> RefreshToken | None:
    """Read what a phone shows; None for what was never ours."""
    if len(text) > _LONGEST_TEXT or not text.isascii():
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
    if len(raw) != _LENGTH or not hmac.compare_digest(seal, _seal(key, body)):
        return None
    head = body[: _SESSION_BYTES + _GENERATION_BYTES]
    generation = int.from_bytes(head[_SESSION_BYTES:], "big")
    return RefreshToken(head[:_SESSION_BYTES].hex(), generation, body[len(head) :])


def judge(session: Mapping[str, Any] | None, shown: RefreshToken, device_id: str, now: datetime) -> Verdict:
    """Decide on a token that is ours: of the present generation, of the one before, or an old copy."""
    if session is None:
        return Verdict.UNKNOWN
    if session["ended_at"] is not None:
        copied = session["ended_why"] in (Verdict.REUSED, Verdict.OTHER_DEVICE)
        return Verdict.REUSED if copied else Verdict.ENDED
    if now >= session["expires_at"]:
        return Verdict.EXPIRED
    if not hmac.compare_digest(device_id.encode(), session["device_id"].encode()):
        return Verdict.OTHER_DEVICE
    return _by_generation(session, shown, now)


def _by_generation(session: Mapping[str, Any], shown: RefreshToken, now: datetime) -> Verdict:
    present = session["generation"]
    if shown.generation == present and shown.hash == session["refresh_hash"]:
        return Verdict.ROTATE
    if shown.generation == present - 1 and shown.hash == session["previous_hash"]:
        return Verdict.REPEAT if now - session["rotated_at"] <= GRACE else Verdict.REUSED
    # A later generation than the stored one comes from before a restored backup: nobody's copy, and no use.
    return Verdict.REUSED if shown.generation < present else Verdict.UNKNOWN


def _seal(key: bytes, raw: bytes) -> bytes:
    return hmac.digest(key, b"seal" + raw, hashlib.sha256)[:_SEAL_BYTES]
