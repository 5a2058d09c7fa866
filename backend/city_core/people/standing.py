"""Whether sign-ins that open connections hold still stand: asked again and again, for many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import jwt

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.people.tokens import actor_from

_LEFT_OUT = {"password_hash": 0, "last_place": 0}


@dataclass(frozen=True)
class HeldSignIn:
    """The sign-in that an open connection was opened with; its actor is as it was then."""

    actor: Actor
    token_version: int
    expires_at: datetime


def hold_sign_in(actor: Actor, token: str) -> HeldSignIn:
    """Keep a sign-in for a connection; `actor` is whom the token was just found to be of."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return HeldSignIn(actor, claims["ver"], datetime.fromtimestamp(claims["exp"], UTC))


def tell_person_changed(city: City, person_id: str) -> None:
    """Have a person's open connections look at once: post, area or sign-in changed. Only a hint."""
    city.waker.announce(person_channel(person_id), {})


def person_channel(person_id: str) -> str:
    """Name the channel on which changes of a person are hinted at."""
    return f"person:{person_id}"


async def actor_standing(city: City, held: HeldSignIn) -> Actor:
    """See who is asking now, in their post of now; refuses a sign-in that stands no more."""
    found = (await actors_standing(city, [held]))[0]
    if isinstance(found, CityProblem):
        raise found
    return found


async def actors_standing(city: City, held: Sequence[HeldSignIn]) -> list[Actor | CityProblem]:
    """Tell for each sign-in who it is now, or why it stands no more.

    `SIGNED_OUT`: the session ended, or the person may not sign in any more. `SIGN_IN_REQUIRED`: only the
    token is used up, and a fresh one may be had. A token without a session ends by itself; with one, the
    session decides.
    """
    people = await _by_id(city, "people", {one.actor.person_id for one in held}, _LEFT_OUT)
    session_ids = {one.actor.session_id for one in held if one.actor.session_id}
    sessions = await _by_id(city, "sessions", session_ids, {"person_id": 1, "ended_at": 1, "expires_at": 1})
    now = city.clock.now()
    return [_judged(one, people, sessions, now) for one in held]


def _judged(
    held: HeldSignIn, people: dict[str, Row], sessions: dict[str, Row], now: datetime
) -> Actor | CityProblem:
    actor = held.actor
    person, session = people.get(actor.person_id), sessions.get(actor.session_id)
    if person is None or person["disabled"] or (actor.session_id and not _is_open(session, actor, now)):
        return CityProblem("SIGNED_OUT")
    if person["token_version"] != held.token_version or (not actor.session_id and held.expires_at <= now):
        return CityProblem("SIGN_IN_REQUIRED")
    return replace(actor_from(person), device_id=actor.device_id, session_id=actor.session_id)


def _is_open(session: Row | None, actor: Actor, now: datetime) -> bool:
    return (
        session is not None
        and session["person_id"] == actor.person_id
        and session["ended_at"] is None
        and session["expires_at"] > now
    )


async def _by_id(city: City, collection: str, ids: Collection[str], fields: Row) -> dict[str, Row]:
    if not ids:
        return {}
    rows = city.database[collection].find({"_id": {"$in": list(ids)}}, fields)
    return {row["_id"]: row for row in await rows.to_list(None)}
