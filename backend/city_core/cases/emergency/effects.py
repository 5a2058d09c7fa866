"""What an emergency does to the steps of a case: its limit when filed, its department, its photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.cases.emergency.desired import wanted_clock
from city_core.cases.emergency.in_force import InForce, emergencies_on, emergency_at
from city_core.cases.reasons import Why, reason
from city_core.cases.routing import Choice
from city_core.catalogue.limits import Limit
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role


@dataclass(frozen=True)
class FiledUnder:
    """The limit that a case is filed under, and what of it goes on record."""

    limit: Limit
    emergency_id: str | None
    facts: Mapping[str, Any]
    reasons: list[Row]


async def filing_limit(
    city: City, place: Mapping[str, Any], type_code: str | None, normal: Limit
) -> FiledUnder:
    """Tell under which limit a case is filed now; in an emergency, the normal one stays on record with it."""
    wanted = wanted_clock(place, type_code, normal, await emergencies_on(city))
    if wanted.emergency is None:
        return FiledUnder(normal, None, {"limit": normal.row()}, [])
    facts = {
        "limit": wanted.limit.row(), "normal_limit": normal.row(), "emergency_id": wanted.emergency_id,
    }  # fmt: skip
    return FiledUnder(wanted.limit, wanted.emergency_id, facts, [reason_of(wanted.emergency)])


async def emergency_route(city: City, case: Row) -> Choice | None:
    """Give the department that an emergency sends a case to; None when it goes the normal way."""
    emergency = await emergency_at(city, case["place"], case["type_code"])
    route = emergency.profile.route_for(case["type_code"]) if emergency else None
    if emergency is None or route is None:
        return None
    if await city.database.departments.find_one({"_id": route[1]}, {"_id": 1}) is None:
        return None  # it was there when the profile was published; without it, the normal way is open
    return Choice(route[1], reason_of(emergency))


async def photos_needed(
    city: City, actor: Actor, place: Mapping[str, Any], type_code: str | None, made_at: datetime
) -> int:
    """Tell how many photos a report needs: in an emergency, an inspector has to bring some.

    A citizen is never refused in an emergency, and neither is a report made before it began, sent only now.
    """
    if actor.role is not Role.INSPECTOR:
        return 0
    emergency = await emergency_at(city, place, type_code)
    if emergency is None or made_at < emergency.row["starts_at"]:
        return 0
    return emergency.profile.needs_photos


def reason_of(emergency: InForce, *, over: bool = False) -> Row:
    """Write down that an emergency is the reason, or that it is over."""
    why = Why.EMERGENCY_OVER if over else Why.EMERGENCY
    return reason(why, emergency_id=emergency.id, name=emergency.row["name"])
