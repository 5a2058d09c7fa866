"""Access tokens: who is asking, signed with Ed25519, checked against the person as stored now."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role

_AUDIENCE = "yiwang-phone"
_PERSON_FIELDS = {
    "role": 1, "name": 1, "phone": 1, "department_id": 1, "street_codes": 1,
    "responsibility_grid_ids": 1, "disabled": 1, "token_version": 1, "language": 1,
    "level": 1,
}  # fmt: skip


@dataclass(frozen=True)
class SignedIn:
    """A sign-in: the token to send along, when it ends, and who is signed in."""

    token: str
    expires_at: datetime
    actor: Actor


def sign_in_person(city: City, person: Row) -> SignedIn:
    """Issue an access token to a person whose identity was just shown."""
    now = city.clock.now()
    expires_at = now + timedelta(minutes=city.settings.access_token_minutes)
    claims = {
        "sub": person["_id"],
        "aud": _AUDIENCE,
        "ver": person["token_version"],
        "iat": now,
        "exp": expires_at,
    }
    key = _private_key(city.settings.token_private_key.get_secret_value())
    return SignedIn(jwt.encode(claims, key, algorithm="EdDSA"), expires_at, actor_from(person))


async def actor_of(city: City, token: str) -> Actor:
    """Find out who is asking; a disabled person or an outdated token is nobody."""
    key = _private_key(city.settings.token_private_key.get_secret_value()).public_key()
    try:
        claims = jwt.decode(token, key, algorithms=["EdDSA"], audience=_AUDIENCE)
    except jwt.PyJWTError as error:
        raise CityProblem("SIGN_IN_REQUIRED") from error
    person = await city.database.people.find_one({"_id": claims["sub"]}, _PERSON_FIELDS)
    if person is None or person["disabled"] or person["token_version"] != claims["ver"]:
        raise CityProblem("SIGN_IN_REQUIRED")
    return actor_from(person)


def actor_from(person: Row) -> Actor:
    """See a stored person as somebody who acts."""
    return Actor(
        person_id=person["_id"],
        role=Role(person["role"]),
        name=person["name"],
        phone=person["phone"],
        department_id=person.get("department_id"),
        street_codes=frozenset(person.get("street_codes", ())),
        grid_ids=frozenset(person.get("responsibility_grid_ids", ())),
        language=person.get("language", "zh"),
        level=person.get("level", "DISTRICT"),
    )


@lru_cache(maxsize=4)
def _private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
