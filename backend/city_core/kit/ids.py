"""Identifiers: ours grow with time, the phones' are UUIDs that they make themselves."""

from __future__ import annotations

import os
import time
import uuid

from city_core.kit.problems import CityProblem

_HOUR_MILLIS = 3_600_000


def new_id(*, to_the_hour: bool = False) -> str:
    """Make an identifier that sorts by the time it was made (UUID version 7, 32 hex digits).

    `to_the_hour`: it tells the hour only, for what somebody unknown made.
    """
    millis = time.time_ns() // 1_000_000
    if to_the_hour:
        millis -= millis % _HOUR_MILLIS
    raw = bytearray(millis.to_bytes(6, "big") + os.urandom(10))
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return raw.hex()


def checked_client_id(value: str, field: str = "clientId") -> str:
    """Accept an identifier that a phone made: a UUID in any usual form; answers its 32 hex digits."""
    try:
        return uuid.UUID(value).hex
    except (ValueError, AttributeError, TypeError) as error:
        raise CityProblem("CLIENT_ID_INVALID", field=field, allowed="a UUID made by the phone") from error
