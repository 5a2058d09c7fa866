"""The key that browsers subscribe with, so that only this city can push to them (VAPID, RFC 8292)."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from city_core.people.push_addresses import decoded
from city_core.settings import Settings, WrongSetting


def web_push_public_key(settings: Settings) -> str | None:
    """Give the public key of the city, base64url of 65 bytes; None where browsers are not pushed to."""
    if settings.web_push_private_key is None:
        return None
    raw = decoded(settings.web_push_private_key.get_secret_value())
    try:
        private = ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())
    except ValueError:
        raise WrongSetting("WEB_PUSH_PRIVATE_KEY is no key on the curve P-256.") from None
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
