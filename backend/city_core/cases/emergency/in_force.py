"""The emergencies that are on at this moment, drills apart: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.cases.emergency.model import COLLECTION, EmergencyState
from city_core.cases.emergency.profile import Profile
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules

NOT_ENDED = (EmergencyState.ON.value, EmergencyState.PLANNED.value)
_LEFT_OUT = {"history": 0, "work": 0}


@dataclass(frozen=True)
class InForce:
    """An emergency with the profile that it was started with."""

    row: Row
    profile: Profile

    @property
    def id(self) -> str:
        return str(self.row["_id"])

    def covers(self, place: Mapping[str, Any]) -> bool:
        """Tell whether a place lies in the area of the emergency."""
        return (
            place["street_code"] in self.row["street_codes"]
            or place["community_code"] in self.row["community_codes"]
        )


def is_on(emergency: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether an emergency is on: its times decide, to the instant, and whether it was ended by hand."""
    ended = emergency["state"] == EmergencyState.ENDED
    return not ended and bool(emergency["starts_at"] <= now < emergency["ends_at"])


async def emergencies_on(city: City) -> list[InForce]:
    """List the emergencies that are on, in the order in which they were ordered; drills change nothing."""
    now = city.clock.now()
    query = {
        "state": {"$in": list(NOT_ENDED)}, "starts_at": {"$lte": now}, "ends_at": {"$gt": now},
        "is_drill": False,
    }  # fmt: skip
    rows = await city.database[COLLECTION].find(query, _LEFT_OUT).sort("_id", 1).to_list(None)
    return [await with_profile(city, row) for row in rows]


async def emergency_at(city: City, place: Mapping[str, Any], type_code: str | None) -> InForce | None:
    """Find the emergency that a type at a place belongs to; areas never overlap, so there is at most one."""
    return belongs_to(await emergencies_on(city), place, type_code)


def belongs_to(
    emergencies: Sequence[InForce], place: Mapping[str, Any], type_code: str | None
) -> InForce | None:
    """Choose among emergencies the one that a type at a place belongs to."""
    return next((one for one in emergencies if one.covers(place) and one.profile.belongs(type_code)), None)


async def is_urgent(city: City, emergency_id: str) -> bool:
    """Tell whether an emergency is on that pushes its tasks before all others."""
    row = await city.database[COLLECTION].find_one({"_id": emergency_id}, _LEFT_OUT)
    if row is None or row["is_drill"] or not is_on(row, city.clock.now()):
        return False
    return (await with_profile(city, row)).profile.is_urgent


async def with_profile(city: City, row: Row) -> InForce:
    """See a stored emergency with its profile, of the version that it was started with."""
    profiles = await open_rules(city, EMERGENCY_PROFILES, row["profile_version"])
    return InForce(row, profiles.rules[row["profile"]])
