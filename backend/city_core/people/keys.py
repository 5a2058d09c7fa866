"""Keys for one purpose each, derived from the city's one secret: none opens another's lock."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from city_core.settings import Settings


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """Give the key that signs tokens; each kind of token names its own audience."""
    return _opened(settings.token_private_key.get_secret_value())


@lru_cache(maxsize=4)
def _opened(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


def derived_key(settings: Settings, purpose: str) -> bytes:
    """Derive the 32 bytes that serve one purpose; they do not lead back to the secret."""
    return _derived(settings.token_private_key.get_secret_value(), purpose)


@lru_cache(maxsize=32)
def _derived(seed: str, purpose: str) -> bytes:
    return hmac.digest(base64.b64decode(seed), f"yiwang {purpose}".encode(), hashlib.sha256)


def keyed_hash(settings: Settings, purpose: str, value: str) -> str:
    """Make the hash that is kept instead of a personal datum; whoever lacks the secret cannot guess it."""
    return hmac.digest(derived_key(settings, purpose), value.encode(), hashlib.sha256).hex()
