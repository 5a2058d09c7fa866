"""The handle by which a reporter speaks of a case not theirs to see: sealed, personal, short-lived."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

GOOD_FOR = timedelta(minutes=30)
_MOST_CHARACTERS = 400
_PURPOSE = b"yiwang handle of a similar case"


@dataclass(frozen=True)
class Handle:
    """A handle that was opened: the case, and whether its time is over."""

    case_id: str
    has_expired: bool


def seal_handle(city: City, actor: Actor, case_id: str) -> str:
    """Give one person a handle of a case: nobody else can use it, and it does not show which case it is."""
    now = int(city.clock.now().timestamp())
    text = f"{actor.person_id}\n{case_id}".encode()
    return _box(city).encrypt_at_time(text, now).decode()


def open_handle(city: City, actor: Actor, token: str) -> Handle:
    """Open somebody's handle; a made-up one and one of somebody else do not exist."""
    unknown = CityProblem("HANDLE_INVALID", field="token", allowed="a token of possibleDuplicates of yours")
    if len(token) > _MOST_CHARACTERS or not token.isascii():
        raise unknown
    box = _box(city)
    try:
        person_id, _, case_id = box.decrypt(token.encode()).decode().partition("\n")
        sealed_at = box.extract_timestamp(token.encode())
    except (InvalidToken, ValueError):
        raise unknown from None
    if person_id != actor.person_id:
        raise unknown
    return Handle(case_id, city.clock.now().timestamp() - sealed_at > GOOD_FOR.total_seconds())


def expired() -> CityProblem:
    """Refuse a handle whose time is over."""
    return CityProblem("HANDLE_EXPIRED", field="token", allowed="a fresh token of possibleDuplicates")


def _box(city: City) -> Fernet:
    return _box_of(city.settings.token_private_key.get_secret_value())


@lru_cache(maxsize=4)
def _box_of(seed: str) -> Fernet:
    key = HKDF(SHA256(), 32, None, _PURPOSE).derive(base64.b64decode(seed))
    return Fernet(base64.urlsafe_b64encode(key))
