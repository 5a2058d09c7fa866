"""Which secrets somebody could guess: typed words, patterns, values that are in every list of defaults."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

_KEYS = ("token_private_key", "sign_key", "sign_key_before", "web_push_private_key")
_SHARED = ("sms_secret",)
_GIVEN_BY_OTHERS = ("huawei_app_secret", "wechat_app_secret", "media_s3_secret_access_key")
_SERVERS = ("mongodb_url", "redis_url")
_LEAST_LETTERS = 16
_LEAST_DIFFERENT_LETTERS = 8
_LEAST_DIFFERENT_BYTES = 16
_MOST_EQUAL_STEPS = 8
_DEFAULTS = frozenset({
    "", "admin", "changeme", "change-me", "default", "demo", "example", "minioadmin", "mongo", "mongodb",
    "pass", "passw0rd", "password", "redis", "root", "secret", "test", "yiwang", "123456", "12345678",
})  # fmt: skip


def fault_of_key(key: bytes) -> str | None:
    """Say why 32 bytes or more were hardly drawn at random; None where they may have been.

    Of random bytes less than one key in a billion is refused: 32 of them have 30 different values on average.
    """
    if len(set(key)) < _LEAST_DIFFERENT_BYTES:
        return "has too few different bytes"
    if all(0x20 <= byte < 0x7F for byte in key):
        return "is a typed text"
    steps = Counter((after - before) % 256 for before, after in pairwise(key))
    if steps.most_common(1)[0][1] > _MOST_EQUAL_STEPS:
        return "follows a pattern"
    return None


def fault_of_shared_secret(secret: str) -> str | None:
    """Say why a secret that two sides share could be guessed; None where it is long and mixed enough."""
    if is_default(secret):
        return "is a default value"
    if len(secret) < _LEAST_LETTERS:
        return f"must have {_LEAST_LETTERS} characters or more"
    if len(set(secret)) < _LEAST_DIFFERENT_LETTERS:
        return "has too few different characters"
    return None


def is_default(secret: str) -> bool:
    """Tell whether a secret is one of those that everybody tries first."""
    return secret.strip().lower() in _DEFAULTS


def password_in(url: str) -> str | None:
    """Take the password out of the address of a server; None without one."""
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0]
    user, at, _ = authority.rpartition("@")
    return unquote(user.partition(":")[2]) if at and ":" in user else None


def weak_secrets(settings: Any) -> Iterator[tuple[str, str]]:
    """Name the secrets of a city that could be guessed, each with the reason, never with its value."""
    for name in (*_KEYS, *_SHARED, *_GIVEN_BY_OTHERS):
        given = getattr(settings, name)
        secret: str | None = given.get_secret_value() if given is not None else None
        fault = _fault_of(name, secret) if secret is not None else None
        if fault:
            yield name.upper(), fault
    for name in _SERVERS:
        password = password_in(getattr(settings, name))
        if password is not None and is_default(password):
            yield f"the password in {name.upper()}", "is a default value"


def _fault_of(name: str, secret: str) -> str | None:
    if name in _KEYS:
        return fault_of_key(_decoded(secret))
    if name in _SHARED:
        return fault_of_shared_secret(secret)
    return "is a default value" if is_default(secret) else None


def _decoded(text: str) -> bytes:
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(bare + "=" * (-len(bare) % 4))
