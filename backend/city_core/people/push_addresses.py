"""What leads a hint to a device: the kinds of address of each push service, and which ones are sound."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Literal, get_args

Provider = Literal[
    "fcm", "apns", "huawei", "harmony", "xiaomi", "oppo", "vivo", "jpush", "wechat", "webpush",
]  # fmt: skip
AddressKind = Literal["token", "fid", "openid", "subscription", "registration"]

PROVIDERS: tuple[Provider, ...] = get_args(Provider)
KINDS_OF: Mapping[Provider, tuple[AddressKind, ...]] = {
    "fcm": ("token", "fid"),
    "apns": ("token",),
    "huawei": ("token",),
    "harmony": ("token",),
    "xiaomi": ("registration",),
    "oppo": ("registration",),
    "vivo": ("registration",),
    "jpush": ("registration",),
    "wechat": ("openid",),
    "webpush": ("subscription",),
}
# Lengths in bytes, RFC 8291: a point on P-256, uncompressed, and the authentication secret.
_LENGTH_OF_KEYS = {"p256dh": 65, "auth": 16}
_UNCOMPRESSED = 0x04
_HTTPS = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)/[!-~]+")
_LOOPBACK = re.compile(r"http://127\.0\.0\.1:\d{1,5}")
_VISIBLE = re.compile(r"[!-~]+")


def is_address(value: str) -> bool:
    """Tell whether a text can be the address of a device: 8 to 4,096 visible characters."""
    return 8 <= len(value) <= 4096 and _VISIBLE.fullmatch(value) is not None


def is_push_endpoint(url: str, hosts: str) -> bool:
    """Tell whether hints may be sent to a browser's endpoint: https, and a push service that is known.

    The URL comes from a phone, so a server that follows it anywhere could be made to call the city's own
    network. `hosts` are separated by commas: a name, `*.name` for every name below it, or, when trying out,
    `http://127.0.0.1:port`. The URL is matched as it is written, so that no two readers differ on its host.
    """
    allowed = [host.strip().lower() for host in hosts.split(",") if host.strip()]
    found = _HTTPS.fullmatch(url)
    if found is None:
        origins = [host for host in allowed if _LOOPBACK.fullmatch(host)]
        return any(url.startswith(f"{origin}/") and _VISIBLE.fullmatch(url) for origin in origins)
    name = found[1]
    return any(name == host or (host.startswith("*.") and name.endswith(host[1:])) for host in allowed)


def are_browser_keys(keys: Mapping[str, str] | None) -> bool:
    """Tell whether these are the two keys that a browser gives with its subscription, base64url."""
    if keys is None or set(keys) != set(_LENGTH_OF_KEYS):
        return False
    raw = {name: decoded(value) for name, value in keys.items()}
    fits = all(len(raw[name]) == length for name, length in _LENGTH_OF_KEYS.items())
    return fits and raw["p256dh"][0] == _UNCOMPRESSED


def decoded(value: str) -> bytes:
    """Read base64url with or without its padding; nothing where it is none."""
    text = value.rstrip("=")
    if len(text) > 100 or not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        return b""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
