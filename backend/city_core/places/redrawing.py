"""When unit grids may be drawn anew: the rules about codes, shapes and the ground that they cover.

Pure rules over stored rows. Areas are compared on the ground: what is below a square metre, or a
ten-thousandth of a grid, is the rounding of coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from shapely import unary_union
from shapely.geometry import mapping
from shapely.geometry import shape as shapely_shape
from shapely.geometry.base import BaseGeometry

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.codes import checked_code
from city_core.places.geometry import MOST_GRID_CORNERS, area_m2, centre_of, fault_of_shape

MOST_GRIDS = 20
MOST_OFF_SHARE = 0.01  # more than this of the old ground has to be confirmed
AREA_CLASSES = ("A", "B", "C")
_ROUNDING_M2, _ROUNDING_SHARE = 1.0, 1e-4


@dataclass(frozen=True)
class NewGrid:
    """A unit grid as it is drawn: its code and border; the rest it may take from the old one below it."""

    code: str
    shape: dict[str, Any]
    responsibility_grid_id: str | None = None
    area_class: str | None = None
    land_use: str | None = None


def checked_codes(old_codes: Sequence[str], new: Sequence[NewGrid]) -> str:
    """Accept 1 to 20 old and new codes, each once and all of one community; answers that community."""
    for field, codes in (("oldCodes", list(old_codes)), ("grids", [grid.code for grid in new])):
        if not 1 <= len(set(codes)) == len(codes) <= MOST_GRIDS:
            raise CityProblem("REQUEST_INVALID", field=field, allowed=f"1 to {MOST_GRIDS}, each once")
    community = checked_code("unit_grid", old_codes[0], field="oldCodes")[:12]
    for code in old_codes:
        checked_code("unit_grid", code, within=community, field="oldCodes")
    for grid in new:
        checked_code("unit_grid", grid.code, within=community, field="grids")
        if grid.area_class not in (None, *AREA_CLASSES):
            raise CityProblem("REQUEST_INVALID", field="areaClass", allowed=", ".join(AREA_CLASSES))
    return community


def checked_shapes(new: Sequence[NewGrid]) -> None:
    """Accept borders that are one ring each, do not cross themselves, and do not overlap each other."""
    for grid in new:
        fault = fault_of_shape(grid.shape, ("Polygon",), most=MOST_GRID_CORNERS)
        if fault is None and len(grid.shape["coordinates"]) != 1:
            fault = "a grid has no hole"
        if fault is not None:
            raise CityProblem("GRID_SHAPE_INVALID", field="grids", allowed=f"{grid.code}: {fault}")
    for one, other in combinations(new, 2):
        if overlap(one.shape, other.shape):
            raise CityProblem("GRID_OVERLAPS", field="grids", allowed=f"{one.code} overlaps {other.code}")


def check_neighbours(new: Sequence[NewGrid], neighbours: Iterable[Row]) -> None:
    """Refuse a grid that overlaps one which stays."""
    for neighbour in neighbours:
        for grid in new:
            if overlap(grid.shape, neighbour["shape"]):
                told = f"{grid.code} overlaps {neighbour['_id']}"
                raise CityProblem("GRID_OVERLAPS", field="grids", allowed=told)


def check_within(new: Sequence[NewGrid], border: Mapping[str, Any] | None) -> None:
    """Refuse a grid that crosses the border of its community, where that is known."""
    if border is None:
        return
    community = shapely_shape(border)
    for grid in new:
        drawn = shapely_shape(grid.shape)
        if _counts(drawn.difference(community), drawn):
            told = f"{grid.code} crosses the border of its community"
            raise CityProblem("GRID_SHAPE_INVALID", field="grids", allowed=told)


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two shapes share ground, beyond what rounding makes of a common border."""
    first, second = shapely_shape(one), shapely_shape(other)
    smaller = min((first, second), key=lambda drawn: drawn.area)
    return _counts(first.intersection(second), smaller)


def share_off(old: Iterable[Row], new: Iterable[NewGrid]) -> float:
    """Say how much of the old ground the new grids leave out or add, as a share of it."""
    before = unary_union([shapely_shape(row["shape"]) for row in old])
    after = unary_union([shapely_shape(grid.shape) for grid in new])
    return float(before.symmetric_difference(after).area / before.area)


def begun(grid: NewGrid, old: Sequence[Row], day: str) -> Row:
    """Make the row of a new grid; it takes after the old one that it shares the most ground with."""
    drawn = shapely_shape(grid.shape)
    below = max(old, key=lambda row: float(shapely_shape(row["shape"]).intersection(drawn).area))
    lng, lat = centre_of(grid.shape)
    return {
        "_id": grid.code,
        "community_code": grid.code[:12],
        "street_code": grid.code[:9],
        "district_code": grid.code[:6],
        "responsibility_grid_id": grid.responsibility_grid_id or below["responsibility_grid_id"],
        "shape": grid.shape,
        "centre": {"type": "Point", "coordinates": [lng, lat]},
        "area_m2": round(area_m2(grid.shape), 1),
        "area_class": grid.area_class or below["area_class"],
        "code_is_real": below["code_is_real"],
        "valid_from": day,
        "valid_to": None,
        "replaced_by": [],
        "land_use": grid.land_use or below.get("land_use"),
    }


def replacing(row: Row, new: Sequence[NewGrid]) -> list[str]:
    """Name the new grids that share ground with an old one."""
    return sorted(grid.code for grid in new if overlap(row["shape"], grid.shape))


def _counts(shared: BaseGeometry, of: BaseGeometry) -> bool:
    if shared.is_empty or shared.area == 0:
        return False
    ground = area_m2(mapping(of)) * shared.area / of.area
    return bool(ground > _ROUNDING_M2 and shared.area > _ROUNDING_SHARE * of.area)
