"""Which components stand around here: for the city's staff, by type."""

from __future__ import annotations

from collections.abc import Collection

from city_core.kit.city import City
from city_core.kit.geo import Datum
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.components.model import COMPONENTS, ComponentState
from city_core.places.locate import GivenPoint, checked_wgs84
from city_core.places.points.nearest import checked_first, checked_way, near, seen_from

MOST_WAY_M = 2_000  # bounds what a type that is rare here costs
_USUAL_WAY_M = 200
_MOST_TYPES = 20
_STANDING = sorted(set(ComponentState) - {ComponentState.REMOVED})
_SHOWN: Row = dict.fromkeys(
    ("type_code", "name_zh", "point", "state", "grid_code", "owner_is_known", "owner_name_zh",
     "owner_department_id", "keeper_department_id", "authority_department_id", "street_code",
     "responsibility_grid_id"), 1,
)  # fmt: skip


async def nearest_components(
    city: City,
    here: GivenPoint,
    *,
    staff: bool,
    type_codes: Collection[str] = (),
    states: Collection[ComponentState] | None = None,
    first: int = 20,
    within_m: int = _USUAL_WAY_M,
    answer_in: Datum | None = None,
) -> list[Row]:
    """List the components nearest to a place, of some types or of any, in some states or any but removed.

    Each row has `distance_m`, and `lng` and `lat` in the `datum` of the answer. Refuses citizens
    (NOT_ALLOWED), PLACE_INVALID, PAGE_INVALID, and more than 20 types (REQUEST_INVALID).
    """
    if not staff:
        raise CityProblem("NOT_ALLOWED", field="role", allowed="the city's staff")
    if len(type_codes) > _MOST_TYPES:
        raise CityProblem("REQUEST_INVALID", field="typeCodes", allowed=f"{_MOST_TYPES} at most")
    point = checked_wgs84(here)
    query: Row = {
        "point": near(point, checked_way(within_m, MOST_WAY_M)),
        "state": {"$in": sorted(states) if states else _STANDING},
    }
    if type_codes:
        query["type_code"] = {"$in": sorted(set(type_codes))}
    size = checked_first(first)
    rows = await city.database[COMPONENTS].find(query, _SHOWN).limit(size).to_list(size)
    return seen_from(point, rows, answer_in or here.datum)
