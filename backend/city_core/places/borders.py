"""Borders of divisions and unit grids: what the base map of the city is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from city_core.kit.city import City
from city_core.kit.geo import Datum, from_wgs84, to_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.codes import DIGITS, checked_code
from city_core.places.days import city_day, valid_on
from city_core.places.geometry import MOST_CORNERS

MOST_BORDERS = 2_000


class BorderLevel(StrEnum):
    """What borders are drawn of."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    UNIT_GRID = "unit_grid"


_WITHIN = {
    BorderLevel.STREET: ("district",),
    BorderLevel.COMMUNITY: ("street",),
    BorderLevel.UNIT_GRID: ("community", "street"),
}


async def borders(city: City, level: BorderLevel, parent: str | None, datum: Datum) -> list[Row]:
    """List the borders valid today of the districts, the streets of a district, and so on, by code.

    Unit grids are those of a street or a community. Rows: `_id`, `level`, `name_zh`, `polygons`, each a list
    of rings (the outer one first) of longitude, latitude, … in the datum asked for. At most 2,000.
    """
    query = {**_lies_in(level, parent), **valid_on(city_day(city.clock.now()))}
    is_grid = level is BorderLevel.UNIT_GRID
    collection = city.database.unit_grids if is_grid else city.database.divisions
    fields = {"shape": 1, "name_zh": 1}
    rows = await collection.find(query, fields).sort("_id", 1).limit(MOST_BORDERS).to_list(MOST_BORDERS)
    return [
        {
            "_id": row["_id"],
            "level": level,
            "name_zh": row.get("name_zh"),
            "polygons": polygons_in(row["shape"], datum),
        }
        for row in rows
        if row.get("shape")
    ]


def polygons_in(shape: Row, datum: Datum) -> list[list[list[float]]]:
    """Write a Polygon or MultiPolygon as lists of rings, each longitude, latitude, … in a datum."""
    found = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [[_ring_in(ring, datum) for ring in polygon] for polygon in found]


def shape_of_ring(ring: Sequence[float], datum: Datum) -> Row:
    """Read a border given as longitude, latitude, … in a datum as a GeoJSON polygon in WGS-84.

    It is closed where its last corner is not its first; whether it is a good border is not asked here.
    """
    if len(ring) % 2 or not 6 <= len(ring) <= 2 * MOST_CORNERS:
        told = f"longitude, latitude, … of 3 to {MOST_CORNERS:,} corners"
        raise CityProblem("GRID_SHAPE_INVALID", field="border", allowed=told)
    corners = [list(to_wgs84((lng, lat), datum)) for lng, lat in zip(ring[::2], ring[1::2], strict=True)]
    if corners[0] != corners[-1]:
        corners.append(corners[0])
    return {"type": "Polygon", "coordinates": [corners]}


def _ring_in(ring: Iterable[Any], datum: Datum) -> list[float]:
    return [degrees for lng, lat in ring for degrees in from_wgs84((lng, lat), datum)]


def _lies_in(level: BorderLevel, parent: str | None) -> Row:
    """Say by an index what lies directly in a place; a level needs a place of the level above."""
    if level is BorderLevel.DISTRICT:
        return {"parent_code": None, "level": level.value}
    wanted = _WITHIN[level]
    kind = next((kind for kind in wanted if parent is not None and len(parent) == DIGITS[kind]), None)
    if parent is None or kind is None:
        digits = " or ".join(f"{DIGITS[kind]} digits of a {kind}" for kind in wanted)
        raise CityProblem("PLACE_CODE_INVALID", field="parent", allowed=digits)
    checked_code(kind, parent, field="parent")
    if level is BorderLevel.UNIT_GRID:
        return {f"{kind}_code": parent}
    return {"parent_code": parent, "level": level.value}
