"""Which cases an emergency still has to switch, and which have its clock, as MongoDB filters."""

from __future__ import annotations

import re
from collections.abc import Collection

from city_core.cases.emergency.in_force import with_profile
from city_core.cases.emergency.model import EmergencyState
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.mongo import Row

_OPEN = {"$in": sorted(OPEN_STATES)}


async def cases_to_switch(city: City, emergency: Row) -> Row:
    """Give the filter of the cases that an emergency still has to switch, there or back."""
    if emergency["state"] == EmergencyState.ENDED:
        return {"emergency_id": emergency["_id"], "state": _OPEN}
    return await cases_of_area(city, emergency)


async def cases_of_area(city: City, emergency: Row) -> Row:
    """Give the filter of the running cases that belong to an emergency and do not have its clock."""
    prefixes = (await with_profile(city, emergency)).profile.limits
    return {
        "$or": [
            {"place.street_code": {"$in": emergency["street_codes"]}},
            {"place.community_code": {"$in": emergency["community_codes"]}},
        ],
        "state": _OPEN,
        "filed_at": {"$ne": None},
        "emergency_id": {"$ne": emergency["_id"]},
        "type_code": _starting_with(prefixes),
    }


def _starting_with(prefixes: Collection[str]) -> Row:
    if not prefixes:
        return {"$in": []}
    return {"$regex": f"^({'|'.join(re.escape(prefix) for prefix in prefixes)})"}
