"""A component gets its code: the next free serial of its district and type, no two alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.places.codes import component_code
from city_core.places.components.model import COMPONENTS

_TRIES = 50
_LAST = 999_999
LookAround = Callable[[], Awaitable[None]]


async def insert_with_code(city: City, district_code: str, component: Row, look_around: LookAround) -> Row:
    """Keep a new component under the next free code; what the same command added before is answered.

    The code is the key: of several who take the same serial at once one gets it, the others take the next.
    No serial is given twice, as what was removed stays on record. Each try looks around before it writes, so
    that of two who stand before the same thing the second one sees what the first has added.
    """
    prefix = f"{district_code}{component['type_code'][1:]}"
    for _ in range(_TRIES):
        row = {"_id": await _next_code(city, prefix), **component}
        try:
            await look_around()
            await city.database[COMPONENTS].insert_one(row)
        except DuplicateKeyError:
            if (known := await added_before(city, component["added_by"])) is not None:
                return known
            continue
        return row
    raise CityProblem("COMPONENT_BUSY")


async def added_before(city: City, added_by: str) -> Row | None:
    """Find what a person's command has added."""
    found: Row | None = await city.database[COMPONENTS].find_one({"added_by": added_by})
    return found


async def _next_code(city: City, prefix: str) -> str:
    within = {"_id": {"$gte": f"{prefix}000000", "$lte": f"{prefix}{_LAST}"}}
    # A code of 2026 begins like one of 2013 now and then, but is longer: only its own length counts.
    own = {**within, "$expr": {"$eq": [{"$strLenBytes": "$_id"}, len(prefix) + 6]}}
    last = await city.database[COMPONENTS].find_one(own, {"_id": 1}, sort=[("_id", -1)])
    serial = component_code(last["_id"]).serial + 1 if last is not None else 1
    if serial > _LAST:
        raise CityProblem("COMPONENT_CODE_INVALID", field="typeCode", allowed="a type with free serials")
    return f"{prefix}{serial:06d}"
