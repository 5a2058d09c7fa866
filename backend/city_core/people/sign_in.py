"""Staff sign in with the phone number that they were imported with, and their password."""

from __future__ import annotations

from datetime import datetime, timedelta

from city_core.audit.entry import network_of
from city_core.audit.record import Deed, Somebody, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.people.keys import keyed_hash
from city_core.people.open_session import sign_in_person
from city_core.people.origin import NOWHERE, Origin
from city_core.people.passwords import password_fits
from city_core.people.phones import checked_phone
from city_core.people.tokens import SignedIn
from city_core.people.try_limits import Tried, count_try

MOST_FAILURES = 5
_PAUSE = timedelta(minutes=15)


async def sign_in_staff(city: City, phone: str, password: str, origin: Origin = NOWHERE) -> SignedIn:
    """Sign a member of staff in; an unknown phone and a wrong password get the same answer."""
    phone = checked_phone(phone)
    await count_try(city, Tried.PASSWORD, origin)
    tries = mark_of_tries(city, phone)
    await _count_failure(city, tries)
    person = await city.database.people.find_one({"phone": phone, "disabled": False})
    if not await password_fits(person["password_hash"] if person else None, password[:200]):
        await _note(city, Verb.SIGN_IN_FAILED, person, origin)
        raise CityProblem("SIGN_IN_FAILED")
    assert person is not None
    await _note(city, Verb.SIGN_IN, person, origin)
    await city.database.sign_in_tries.delete_one({"_id": tries})
    return await sign_in_person(city, person, device_id=origin.device_id, app=origin.app)


async def _note(city: City, verb: Verb, person: Row | None, origin: Origin) -> None:
    """Put on record that somebody tried; also where nobody has the number, so that both take as long."""
    stranger = Somebody(origin=origin.app, network=network_of(origin.address))
    await record(city, stranger, Deed(verb, Subject(Kind.PERSON, person["_id"] if person else "")))


async def _count_failure(city: City, row_id: str) -> None:
    now = city.clock.now()
    await city.database.sign_in_tries.delete_one({"_id": row_id, "expires_at": {"$lte": now}})
    try:
        tries = await _one_more(city, row_id, now)
    except DuplicateKeyError:  # two made the row at the same moment
        tries = await _one_more(city, row_id, now)
    if tries["failures"] > MOST_FAILURES:
        raise CityProblem("TOO_MANY_TRIES", allowed=f"{MOST_FAILURES} tries in 15 minutes")


async def _one_more(city: City, row_id: str, now: datetime) -> Row:
    tries: Row = await city.database.sign_in_tries.find_one_and_update(
        {"_id": row_id},
        {"$inc": {"failures": 1}, "$setOnInsert": {"expires_at": now + _PAUSE}},
        upsert=True,
        return_document=True,
    )
    return tries


def mark_of_tries(city: City, phone: str) -> str:
    """Name the one row of a phone's failed sign-ins; it does not tell the number."""
    return keyed_hash(city.settings, "failed sign-ins", phone)
