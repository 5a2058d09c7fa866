"""Access tokens: who is asking, signed with Ed25519, checked against person and session as stored now."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.keys import signing_key
from city_core.people.roles import Actor, Role

_AUDIENCE = "yiwang-phone"
_MOST_READ = 4_096


class Claims(NamedTuple):
    """What a token says, of which no more is remembered than is asked; `exp` in seconds since 1970."""

    sub: str
    sid: str
    ver: int
    exp: int


READ: OrderedDict[tuple[Ed25519PrivateKey, str], Claims] = OrderedDict()
# The city's clock says what has expired, so that one clock rules everything.
_READING: Any = {
    "require": ["sub", "aud", "ver", "sid", "did", "iat", "exp"],
    "verify_exp": False, "verify_iat": False, "verify_nbf": False,
}  # fmt: skip
_PERSON_FIELDS = {
    "role": 1, "name": 1, "phone": 1, "department_id": 1, "street_codes": 1,
    "responsibility_grid_ids": 1, "disabled": 1, "token_version": 1, "language": 1,
    "level": 1, "claim_hash": 1,
}  # fmt: skip
_WITH_PERSON: Any = (
    {"$lookup": {
        "from": "people", "localField": "person_id", "foreignField": "_id", "as": "person",
        "pipeline": [{"$project": _PERSON_FIELDS}],
    }},
    {"$project": {"device_id": 1, "person_version": 1, "expires_at": 1, "person": 1}},
)  # fmt: skip


@dataclass(frozen=True)
class SignedIn:
    """A sign-in: the token to send along, when it ends, who is signed in, and how to stay signed in.

    `refresh_token` is there only for phones that named their device.
    """

    token: str
    expires_at: datetime
    actor: Actor
    refresh_token: str | None = None
    refresh_expires_at: datetime | None = None


def access_token(city: City, person: Row, session: Row) -> tuple[str, datetime]:
    """Issue the token that a phone sends along, and when it ends (UTC)."""
    now = city.clock.now()
    lasts = timedelta(minutes=city.settings.access_token_minutes)
    expires_at = min(now + lasts, session["expires_at"])
    claims = {
        "sub": person["_id"],
        "aud": _AUDIENCE,
        "ver": person["token_version"],
        "sid": session["_id"],
        "did": session["device_id"],
        "iat": now,
        "exp": expires_at,
    }
    return jwt.encode(claims, signing_key(city.settings), algorithm="EdDSA"), expires_at


async def actor_of(city: City, token: str) -> Actor:
    """Find out who is asking; a disabled person, an ended session or an outdated token is nobody."""
    claims = _claims(city, token)
    actor, version = await _signed_in(city, {"_id": claims.sid, "person_id": claims.sub})
    if version != claims.ver:
        raise CityProblem("SIGN_IN_REQUIRED")
    return actor


async def actor_in_session(city: City, session_id: str) -> Actor:
    """Find out who acts in a sign-in session now; one that ended, or whose person may not sign in, is nobody.

    For what a session vouches for without its token being sent along, such as links to photos.
    """
    actor, _ = await _signed_in(city, {"_id": session_id})
    return actor


def actor_from(person: Row) -> Actor:
    """See a stored person as somebody who acts."""
    return Actor(
        person_id=person["_id"],
        role=Role(person["role"]),
        name=person["name"],
        phone=person.get("phone") or "",
        department_id=person.get("department_id"),
        street_codes=frozenset(person.get("street_codes", ())),
        grid_ids=frozenset(person.get("responsibility_grid_ids", ())),
        language=person.get("language", "zh"),
        level=person.get("level", "DISTRICT"),
        is_unknown=bool(person.get("claim_hash")),
    )


async def _signed_in(city: City, which: Row) -> tuple[Actor, int]:
    # One question for both: two at once take three times as long, and this is asked with every request.
    still_open = {**which, "ended_at": None}
    found = await city.database.sessions.aggregate([{"$match": still_open}, *_WITH_PERSON]).to_list(1)
    session = found[0] if found else None
    person = session["person"][0] if session is not None and session["person"] else None
    if session is None or person is None or person["disabled"]:
        raise CityProblem("SIGN_IN_REQUIRED")
    outdated = session["person_version"] != person["token_version"]
    if outdated or city.clock.now() >= session["expires_at"]:
        raise CityProblem("SIGN_IN_REQUIRED")
    actor = replace(actor_from(person), device_id=session["device_id"], session_id=session["_id"])
    return actor, person["token_version"]


def person_named_in(city: City, token: str) -> str | None:
    """Name the person that a token was signed for, without asking whether they may still sign in."""
    try:
        return _claims(city, token).sub
    except CityProblem:
        return None


def _claims(city: City, token: str) -> Claims:
    now = city.clock.now().timestamp()
    try:
        claims = _signed_claims(signing_key(city.settings), token, now)
    except jwt.PyJWTError as error:
        raise CityProblem("SIGN_IN_REQUIRED") from error
    if now >= claims.exp:
        raise CityProblem("SIGN_IN_REQUIRED")
    return claims


def _signed_claims(key: Ed25519PrivateKey, token: str, now: float) -> Claims:
    """Read a token once, as it comes with every request of its minutes; those that are over are forgotten."""
    known = READ.get((key, token))
    if known is not None:
        return known
    said = jwt.decode(token, key.public_key(), algorithms=["EdDSA"], audience=_AUDIENCE, options=_READING)
    claims = READ[key, token] = Claims(said["sub"], said["sid"], said["ver"], said["exp"])
    while READ and (len(READ) > _MOST_READ or next(iter(READ.values())).exp <= now):
        READ.popitem(last=False)
    return claims
