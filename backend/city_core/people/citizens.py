"""Citizens come by their first sign-in: by phone number, or by WeChat."""

from __future__ import annotations

from typing import Literal

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.people.roles import Role


async def person_known_by(
    city: City, field: Literal["phone", "wechat_openid", "claim_hash"], value: str
) -> Row:
    """Find the person behind a number, a WeChat login or a claim; whoever is new becomes a citizen."""
    change = {"$setOnInsert": _new_citizen(city, is_unknown=field == "claim_hash")}
    people = city.database.people
    try:
        found: Row = await people.find_one_and_update(
            {field: value}, change, upsert=True, return_document=True
        )
    except DuplicateKeyError:  # signed in for the first time twice at the same moment
        found = await people.find_one_and_update({field: value}, change, upsert=True, return_document=True)
    return found


def _new_citizen(city: City, *, is_unknown: bool) -> Row:
    person_id, now = new_id(to_the_hour=is_unknown), city.clock.now()
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
        "created_at": now.replace(minute=0, second=0, microsecond=0) if is_unknown else now,
    }
