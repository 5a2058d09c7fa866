"""Short codes of signs: twelve characters that can be read aloud and typed, half number, half signature.

A code is 60 bits in an alphabet of 32 without 0, O, 1 and I: a random number of 30 bits, then the first 30
bits of the HMAC-SHA256 of that number. So a code that was mistyped or made up is told from a real one
without asking the database, but for one in 1,073,741,824: decision 0029.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from city_core.people.keys import derived_key
from city_core.settings import Settings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
_HALF = LENGTH // 2
_BITS = 5
_LONGEST_TYPED = 40
_IGNORED = str.maketrans("", "", " -\u2010\u2011\u2012\u2013\u2014")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def sign_keys(settings: Settings) -> Sequence[bytes]:
    """Give the keys of codes: the first one signs, any of them is believed.

    Without keys of its own the city derives one from its one secret. That one stays good, so that a city
    which sets SIGN_KEY later has no sign to print anew.
    """
    own = [settings.sign_key, settings.sign_key_before]
    given = [base64.b64decode(key.get_secret_value()) for key in own if key is not None]
    return [*given, derived_key(settings, "codes of signs")]


def new_code(keys: Sequence[bytes]) -> str:
    """Make a code that nobody can guess."""
    return _signed(secrets.randbits(_HALF * _BITS), keys[0])


def read_code(text: str, keys: Sequence[bytes]) -> str | None:
    """Read a code as somebody typed or scanned it; nothing unless one of the keys made it."""
    if len(text) > _LONGEST_TYPED:
        return None
    code = text.translate(_IGNORED).upper()
    if len(code) != LENGTH or any(character not in _VALUES for character in code):
        return None
    number = 0
    for character in code[:_HALF]:
        number = number << _BITS | _VALUES[character]
    is_ours = [hmac.compare_digest(code, _signed(number, key)) for key in keys]
    return code if any(is_ours) else None


def in_groups(code: str) -> str:
    """Write a code as it is printed: ABCD-EFGH-JKLM."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def _signed(number: int, key: bytes) -> str:
    digest = hmac.digest(key, b"sign" + number.to_bytes(4, "big"), hashlib.sha256)
    mark = int.from_bytes(digest[:4], "big") >> 2
    return _written(number) + _written(mark)


def _written(value: int) -> str:
    return "".join(ALPHABET[value >> _BITS * place & 31] for place in reversed(range(_HALF)))
