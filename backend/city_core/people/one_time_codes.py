"""Citizens sign in with a one-time code sent to their phone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Protocol

import structlog

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.people.phones import checked_phone
from city_core.people.roles import Role
from city_core.people.tokens import SignedIn, sign_in_person

MOST_TRIES = 5
_VALID_FOR = timedelta(minutes=5)
_PAUSE_BETWEEN = timedelta(seconds=60)
log = structlog.get_logger()


class CodeSender(Protocol):
    """Brings a one-time code to a phone; the text-message adapter of a real city goes here."""

    async def send(self, city: City, phone: str, code: str) -> None: ...


class PrintingSender:
    """Prints the code, in development only."""

    async def send(self, city: City, phone: str, code: str) -> None:
        if city.settings.environment == "development":
            print(f"one-time code for {phone}: {code}", flush=True)
        else:
            log.error("no_text_message_sender")


async def request_code(city: City, phone: str, sender: CodeSender | None = None) -> None:
    """Send a fresh one-time code; the answer is the same whether or not the number is known."""
    phone = checked_phone(phone)
    now = city.clock.now()
    code = f"{secrets.randbelow(1_000_000):06d}"
    fresh = {
        "code_hash": _hash(phone, code), "tries": 0, "expires_at": now + _VALID_FOR, "sent_at": now,
    }  # fmt: skip
    try:
        await city.database.one_time_codes.update_one(
            {"_id": phone, "sent_at": {"$lte": now - _PAUSE_BETWEEN}}, {"$set": fresh}, upsert=True
        )
    except DuplicateKeyError as error:
        raise CityProblem("TOO_MANY_TRIES", field="phone", allowed="one code a minute") from error
    await (sender or PrintingSender()).send(city, phone, code)


async def sign_in_citizen(city: City, phone: str, code: str) -> SignedIn:
    """Sign a citizen in; each try is counted before it is looked at, and a code works once."""
    phone = checked_phone(phone)
    row = await city.database.one_time_codes.find_one_and_update(
        {"_id": phone, "tries": {"$lt": MOST_TRIES}, "expires_at": {"$gt": city.clock.now()}},
        {"$inc": {"tries": 1}},
    )
    if row is None or not hmac.compare_digest(row["code_hash"], _hash(phone, code.strip())):
        raise CityProblem("CODE_WRONG", field="code", allowed="6 digits, valid for 5 minutes, 5 tries")
    used = await city.database.one_time_codes.delete_one({"_id": phone, "code_hash": row["code_hash"]})
    if not used.deleted_count:
        raise CityProblem("CODE_WRONG", field="code", allowed="each code works once")
    return sign_in_person(city, await _citizen(city, phone))


async def _citizen(city: City, phone: str) -> Row:
    citizen: Row = await city.database.people.find_one_and_update(
        {"phone": phone}, {"$setOnInsert": _new_citizen(city)}, upsert=True, return_document=True
    )
    if citizen["disabled"] or citizen["role"] != Role.CITIZEN:
        raise CityProblem("CODE_WRONG", field="code", allowed="staff sign in with their password")
    return citizen


def _new_citizen(city: City) -> Row:
    person_id = new_id()
    return {
        "_id": person_id,
        "name": f"市民{person_id[-4:]}",
        "role": Role.CITIZEN.value,
        "password_hash": None,
        "department_id": None,
        "street_codes": [],
        "responsibility_grid_ids": [],
        "on_duty": True,
        "disabled": False,
        "last_place": None,
        "language": "zh",
        "token_version": 1,
        "created_at": city.clock.now(),
    }


def _hash(phone: str, code: str) -> str:
    return hashlib.sha256(f"{phone}:{code}".encode()).hexdigest()
