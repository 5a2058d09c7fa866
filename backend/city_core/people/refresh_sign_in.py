"""A phone goes on without signing in anew: its refresh token is taken and the next one given."""

from __future__ import annotations

import structlog

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.end_sessions import drop_devices_signed_out, end_sessions
from city_core.people.keys import derived_key
from city_core.people.open_session import REFRESH_KEY, lasts_until, signed_in
from city_core.people.refresh_tokens import RefreshToken, Verdict, judge, read_token
from city_core.people.tokens import SignedIn

_MOST_RACES = 5
log = structlog.get_logger()


async def refresh_sign_in(city: City, refresh_token: str, device_id: str) -> SignedIn:
    """Give the next tokens of a session; the same token within 60 s gets the same answer once more.

    A token that comes back later is a copy: the session ends for everybody (RFC 9700, 4.14.2).
    """
    key = derived_key(city.settings, REFRESH_KEY)
    shown = read_token(key, refresh_token)
    if shown is None:
        raise CityProblem("SIGN_IN_ENDED", field="refreshToken", allowed="the last refresh token given")
    for _ in range(_MOST_RACES):
        session: Row | None = await city.database.sessions.find_one({"_id": shown.session_id})
        verdict = judge(session, shown, device_id, city.clock.now())
        if session is None or verdict not in (Verdict.ROTATE, Verdict.REPEAT):
            raise await _refused(city, session, verdict)
        person = await _person(city, session)
        following = shown.successor(key)
        if verdict is Verdict.REPEAT:
            return signed_in(city, person, session, following)
        rotated = await _rotate(city, session, shown, following)
        if rotated is not None:
            await point("tokens.rotated")
            return signed_in(city, person, rotated, following)
    raise CityProblem("BUSY")


async def _rotate(city: City, session: Row, shown: RefreshToken, following: RefreshToken) -> Row | None:
    """Put the next generation in the place of this one, unless somebody was faster."""
    as_judged = {"_id": session["_id"], "refresh_hash": shown.hash, "ended_at": None}
    change = {
        "refresh_hash": following.hash, "previous_hash": shown.hash, "generation": following.generation,
        "rotated_at": city.clock.now(), "expires_at": lasts_until(city, session["created_at"]),
    }  # fmt: skip
    rotated: Row | None = await city.database.sessions.find_one_and_update(
        as_judged, {"$set": change}, return_document=True
    )
    return rotated


async def _person(city: City, session: Row) -> Row:
    person: Row | None = await city.database.people.find_one({"_id": session["person_id"]})
    if person is None or person["disabled"] or person["token_version"] != session["person_version"]:
        raise CityProblem("SIGN_IN_ENDED")
    return person


async def _refused(city: City, session: Row | None, verdict: Verdict) -> CityProblem:
    if session is not None and verdict in (Verdict.REUSED, Verdict.OTHER_DEVICE):
        if session["ended_at"] is None:
            log.warning("refresh_token_copied", session=session["_id"], verdict=verdict.value)
            await end_sessions(city, session["person_id"], [session["_id"]], verdict.value)
            await drop_devices_signed_out(city, session["person_id"])
        return CityProblem("REFRESH_REUSED", field="refreshToken")
    if verdict is Verdict.EXPIRED:
        return CityProblem("REFRESH_EXPIRED", field="refreshToken")
    return CityProblem("SIGN_IN_ENDED", field="refreshToken")
