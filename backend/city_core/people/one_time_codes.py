"""One-time codes: sent to a phone to show that it is in somebody's hand, good once and for five minutes."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.people.citizens import person_known_by
from city_core.people.code_sender import CodeNotSent, CodeSender, PrintingSender
from city_core.people.keys import keyed_hash
from city_core.people.open_session import sign_in_person
from city_core.people.origin import NOWHERE, Origin
from city_core.people.phones import checked_phone
from city_core.people.roles import Role
from city_core.people.tokens import SignedIn
from city_core.people.try_limits import Tried, count_try

MOST_TRIES = 5
_VALID_FOR = timedelta(minutes=5)
_PAUSE_BETWEEN = timedelta(seconds=60)


async def request_code(
    city: City, phone: str, sender: CodeSender | None = None, origin: Origin = NOWHERE
) -> None:
    """Send a fresh one-time code; the answer is the same whether or not the number is known.

    The device that asked and lost the answer may ask again within the minute: no second code is sent.
    """
    phone = checked_phone(phone)
    if await _is_sent_already(city, phone, origin):
        return
    await count_try(city, Tried.CODE_SENT, origin, phone)
    code = f"{secrets.randbelow(1_000_000):06d}"
    kept = await _keep(city, phone, code, origin)
    try:
        await (sender or PrintingSender()).send(city, phone, code)
    except CodeNotSent as error:
        await city.database.one_time_codes.delete_one({"_id": mark_of_phone(city, phone), "code_hash": kept})
        raise CityProblem("CODE_NOT_SENT", field="phone") from error


async def sign_in_citizen(city: City, phone: str, code: str, origin: Origin = NOWHERE) -> SignedIn:
    """Sign a citizen in with a one-time code; a device that lost the answer may show the same code again."""
    phone = checked_phone(phone)
    await use_code(city, phone, code, origin)
    citizen = await person_known_by(city, "phone", phone)
    if citizen["disabled"] or citizen["role"] != Role.CITIZEN:
        raise CityProblem("CODE_WRONG", field="code", allowed="staff sign in with their password")
    return await sign_in_person(city, citizen, device_id=origin.device_id, app=origin.app)


async def use_code(city: City, phone: str, code: str, origin: Origin) -> None:
    """Let a code count as shown; each try is counted before it is looked at, five a code."""
    await count_try(city, Tried.CODE_ENTERED, origin, phone)
    codes = city.database.one_time_codes
    row = await codes.find_one_and_update(
        {
            "_id": mark_of_phone(city, phone),
            "tries": {"$lt": MOST_TRIES},
            "expires_at": {"$gt": city.clock.now()},
        },
        {"$inc": {"tries": 1}},
    )
    if row is None or not hmac.compare_digest(row["code_hash"], _hash(city, phone, code.strip()[:20])):
        raise CityProblem("CODE_WRONG", field="code", allowed="6 digits, valid for 5 minutes, 5 tries")
    users = [None, origin.device_id] if origin.device_id else [None]
    used = await codes.update_one(
        {"_id": row["_id"], "code_hash": row["code_hash"], "used_by": {"$in": users}},
        {"$set": {"used_by": origin.device_id}},
    )
    if not used.matched_count:
        raise CityProblem("CODE_WRONG", field="code", allowed="each code works once")


async def _is_sent_already(city: City, phone: str, origin: Origin) -> bool:
    recent = {"_id": mark_of_phone(city, phone), "sent_at": {"$gt": city.clock.now() - _PAUSE_BETWEEN}}
    row: Row | None = await city.database.one_time_codes.find_one(recent, {"asked_by": 1, "used_by": 1})
    if row is None or row.get("used_by") is not None:
        return False
    if origin.device_id and row.get("asked_by") == origin.device_id:
        return True
    raise CityProblem("TOO_MANY_TRIES", field="phone", allowed="one code a minute")


async def _keep(city: City, phone: str, code: str, origin: Origin) -> str:
    now = city.clock.now()
    fresh = {
        "code_hash": _hash(city, phone, code), "tries": 0, "expires_at": now + _VALID_FOR, "sent_at": now,
        "asked_by": origin.device_id, "used_by": None,
    }  # fmt: skip
    over = [{"sent_at": {"$lte": now - _PAUSE_BETWEEN}}, {"used_by": {"$ne": None}}]
    try:
        await city.database.one_time_codes.update_one(
            {"_id": mark_of_phone(city, phone), "$or": over}, {"$set": fresh}, upsert=True
        )
    except DuplicateKeyError as error:
        raise CityProblem("TOO_MANY_TRIES", field="phone", allowed="one code a minute") from error
    return str(fresh["code_hash"])


def _hash(city: City, phone: str, code: str) -> str:
    return keyed_hash(city.settings, "one-time codes", f"{phone}:{code}")


def mark_of_phone(city: City, phone: str) -> str:
    """Name the one row of a phone's code; it does not tell the number."""
    return keyed_hash(city.settings, "phones of one-time codes", phone)
