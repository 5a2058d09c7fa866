"""Where am I: from a point to its unit grid, community and street."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from enum import StrEnum

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.days import FOR_GOOD, city_day, valid_on
from city_core.places.given import GivenPoint, as_stored, checked_wgs84

__all__ = [
    "FoundBy",
    "GivenPoint",
    "checked_wgs84",
    "grid_at",
    "locate",
    "locate_standing",
    "within_the_city",
]

NEAR_M = 50.0
ON_BORDER_M = 0.01  # a border is drawn to a tenth of a metre; nearer than this is on it
_GRIDS_AT_A_CORNER = 8
_KEPT = {
    "responsibility_grid_id": 1, "community_code": 1, "street_code": 1, "district_code": 1, "area_class": 1,
}  # fmt: skip


class FoundBy(StrEnum):
    """How the grid of a point was found."""

    EXACT = "EXACT"  # it lies within one grid
    BORDER = "BORDER"  # on the border of several: the one with the lowest code
    NEAREST = "NEAREST"  # in none: the nearest


async def locate(city: City, given: GivenPoint) -> Row:
    """Find the unit grid of a point among those that are valid today.

    Today is the day on which the city is asked: a report that waited in a phone goes to whoever answers for
    the place when it comes in. On a border it is the grid with the lowest code; in a gap between grids, or
    up to 50 m outside the city, the nearest one, with `found_by` and `distance_m` (metres) saying so.
    Farther out: PLACE_OUTSIDE_CITY.
    """
    return await _on_day(city, given, city_day(city.clock.now()))


async def locate_standing(city: City, given: GivenPoint) -> Row:
    """Find the unit grid of what stays where it stands, as `locate` does: the one that goes on.

    Where a grid is drawn anew from a later day on, what stands in it has gone over to the new one at once;
    what is put there until then belongs there as well.
    """
    with contextlib.suppress(CityProblem):
        place = await _on_day(city, given, FOR_GOOD)
        if place["found_by"] != FoundBy.NEAREST:
            return place
    return await locate(city, given)


async def _on_day(city: City, given: GivenPoint, day: str) -> Row:
    stored = as_stored(given)
    near = [*grid_at(stored["point"], day), {"$project": {**_KEPT, "found_by": 1, "distance_m": 1}}]
    rows = await city.database.unit_grids.aggregate(near).to_list(1)
    if not rows and await within_the_city(city, stored["point"]):
        far = [
            *grid_at(stored["point"], day, within_m=None),
            {"$project": {**_KEPT, "found_by": 1, "distance_m": 1}},
        ]
        rows = await city.database.unit_grids.aggregate(far).to_list(1)
    if not rows:
        raise outside_city()
    return _place(given, stored, rows[0])


def grid_at(point: Row, day: str, *, within_m: float | None = NEAR_M) -> Sequence[Row]:
    """Give the stages that find the one unit grid of a WGS-84 GeoJSON point on a day, by the index of shapes.

    The row that they leave also says how it was found, `found_by`, and how far it is, `distance_m`.
    """
    near: Row = {
        "near": point, "key": "shape", "distanceField": "distance_m", "spherical": True,
        "query": valid_on(day),
    }  # fmt: skip
    if within_m is not None:
        near["maxDistance"] = within_m
    touches = {"$lte": ["$distance_m", ON_BORDER_M]}
    return [
        {"$geoNear": near},
        {"$limit": _GRIDS_AT_A_CORNER if within_m is not None else 1},
        {"$project": {"shape": 0, "centre": 0, "history": 0}},
        {"$set": {"distance_m": {"$cond": [touches, 0.0, "$distance_m"]}}},
        {"$sort": {"distance_m": 1, "_id": 1}},
        {"$group": {
            "_id": None,
            "grid": {"$first": "$$ROOT"},
            "touching": {"$sum": {"$cond": [touches, 1, 0]}},
        }},
        {"$replaceWith": {"$mergeObjects": ["$grid", {"found_by": {"$switch": {
            "branches": [
                {"case": {"$eq": ["$touching", 0]}, "then": FoundBy.NEAREST.value},
                {"case": {"$eq": ["$touching", 1]}, "then": FoundBy.EXACT.value},
            ],
            "default": FoundBy.BORDER.value,
        }}}]}},
    ]  # fmt: skip


async def within_the_city(city: City, point: Row) -> bool:
    """Tell whether a point lies within the border of a district of the city."""
    has_border = {"shape": {"$type": "object"}}  # the index holds no others
    within = {"shape": {"$geoIntersects": {"$geometry": point}}}
    district = {"$and": [has_border, within], "level": "district"}
    return await city.database.divisions.find_one(district, {"_id": 1}) is not None


def outside_city() -> CityProblem:
    """Refuse a point that is in no grid of the city."""
    return CityProblem("PLACE_OUTSIDE_CITY", field="place", allowed="a point inside the district")


def _place(given: GivenPoint, stored: Row, grid: Row) -> Row:
    return {
        "given_lng": given.lng,
        "given_lat": given.lat,
        "datum": given.datum,
        "accuracy_m": given.accuracy_m,
        "source": given.source,
        "point": stored["point"],
        "cell": stored["cell"],
        "grid_code": grid["_id"],
        "found_by": grid["found_by"],
        "distance_m": round(grid["distance_m"], 2),
        **{name: grid[name] for name in _KEPT},
    }
