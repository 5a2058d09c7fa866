"""What people of the matrix have of their own: points 积分, a claim whose points wait, and where they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from city_core.kit.city import City
from city_core.people.claims import claim_hash
from tests.api.policy.seeded_rows import FOREIGN, OWN

CLAIM_SECRET = "abcdefghijklmnopqrstuvwxyz-0123456789"
_OWNERS = {OWN: "citizen-1", FOREIGN: "citizen-far"}


async def seed_points_of_people(city: City, cases: dict[str, str], now: datetime) -> None:
    """Book what each reporter got for their case, and what somebody without a name got for another."""
    booked = {"reason": "REPORT_FILED", "points": 10, "at": now}
    await city.database.point_entries.insert_many([
        {**booked, "_id": "1" * 32, "person_id": _OWNERS[OWN], "key": "filed", "case_id": cases[OWN]},
        {**booked, "_id": "2" * 32, "person_id": _OWNERS[FOREIGN], "key": "filed",
         "case_id": cases[FOREIGN]},
        {**booked, "_id": "3" * 32, "person_id": "claim-1", "key": "filed", "case_id": None},
    ])  # fmt: skip
    nobody: dict[str, Any] | None = await city.database.people.find_one({"_id": "citizen-2"})
    assert nobody is not None
    claim = {"_id": "claim-1", "phone": None, "name": "", "claim_hash": claim_hash(city, CLAIM_SECRET)}
    await city.database.people.insert_one({**nobody, **claim})


async def seed_fixes(city: City, now: datetime) -> None:
    """Have the phone of an officer say where it is."""
    fix = {"last_place_at": now, "last_place_accuracy_m": 8.0}
    await city.database.people.update_one({"_id": "officer-1"}, {"$set": fix})
