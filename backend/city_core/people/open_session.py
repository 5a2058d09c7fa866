"""Somebody whose identity was just shown is signed in: a session on their phone begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.people.device_holders import move_device
from city_core.people.devices import checked_device_id
from city_core.people.end_sessions import end_sessions
from city_core.people.keys import derived_key
from city_core.people.refresh_tokens import LONGEST, RefreshToken, first_token
from city_core.people.roles import Role
from city_core.people.tokens import SignedIn, access_token, actor_from

MOST_SESSIONS = 20
REFRESH_KEY = "refresh tokens"


async def sign_in_person(city: City, person: Row, *, device_id: str | None = None, app: str = "") -> SignedIn:
    """Begin a session; a phone that names its device gets a refresh token, and its push address moves along.

    An earlier session of the same person on the same phone ends with it, and so do the longest unused ones
    beyond 20.
    """
    device = checked_device_id(device_id) if device_id else ""
    session_id = new_id()
    first = first_token(session_id) if device else None
    session = _new_session(city, person, session_id, device, app, first)
    await city.database.sessions.insert_one(session)
    if device:
        await _make_room(city, person["_id"], device, session_id)
        await move_device(city, person["_id"], Role(person["role"]), device)
    return signed_in(city, person, session, first)


def signed_in(city: City, person: Row, session: Row, refresh: RefreshToken | None) -> SignedIn:
    """Put together what a phone is answered when it is signed in."""
    token, expires_at = access_token(city, person, session)
    actor = replace(actor_from(person), device_id=session["device_id"], session_id=session["_id"])
    if refresh is None:
        return SignedIn(token, expires_at, actor)
    written = refresh.written(derived_key(city.settings, REFRESH_KEY))
    return SignedIn(token, expires_at, actor, written, session["expires_at"])


def lasts_until(city: City, created_at: datetime) -> datetime:
    """Tell until when a session lasts if nothing more comes from its phone; never beyond half a year."""
    slides = city.clock.now() + timedelta(days=city.settings.refresh_token_days)
    return min(slides, created_at + LONGEST)


def _new_session(
    city: City, person: Row, session_id: str, device: str, app: str, first: RefreshToken | None
) -> Row:
    now = city.clock.now()
    brief = now + timedelta(minutes=city.settings.access_token_minutes)
    return {
        "_id": session_id, "person_id": person["_id"], "person_version": person["token_version"],
        "device_id": device, "app": app[:40], "generation": 1,
        "refresh_hash": first.hash if first else None, "previous_hash": None,
        "rotated_at": now, "created_at": now, "expires_at": lasts_until(city, now) if first else brief,
        "ended_at": None, "ended_why": None,
    }  # fmt: skip


async def _make_room(city: City, person_id: str, device: str, but: str) -> None:
    live = {"person_id": person_id, "ended_at": None, "_id": {"$ne": but}, "device_id": {"$ne": ""}}
    rows = await city.database.sessions.find(live, {"device_id": 1}).sort("rotated_at", -1).to_list(200)
    here = [row["_id"] for row in rows if row["device_id"] == device]
    elsewhere = [row["_id"] for row in rows if row["device_id"] != device]
    if here:
        await end_sessions(city, person_id, here, "SIGNED_IN_AGAIN")
    if crowded := elsewhere[MOST_SESSIONS - 1 :]:
        await end_sessions(city, person_id, crowded, "TOO_MANY")
