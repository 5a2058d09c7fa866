"""The unit grids of a city in memory: in which of them many points lie, and which borders are at odds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely import Geometry, Point, STRtree, points
from shapely.geometry import shape as shapely_shape

from city_core.kit.geo import Datum, LngLat, to_wgs84
from city_core.kit.mongo import Row

_SAME_DEGREES = 2e-7  # two centimetres: a point this near to a border may be of either side
_LEAST_OVERLAP = 1e-10  # about one square metre, in square degrees
_LEAST_SHARE = 1e-4
_FAMILY: Mapping[str, str] = {"WGS84": "WGS84", "CGCS2000": "WGS84", "GCJ02": "GCJ02", "BD09": "BD09"}
WORDS_OF_DATUM: Mapping[str, str] = {"WGS84": "WGS-84", "GCJ02": "GCJ-02", "BD09": "BD-09"}


class Ground:
    """The unit grids that are valid or will be, those without a last day first, ready for questions."""

    def __init__(self, grids: Iterable[Row]) -> None:
        self._grids: Sequence[Row] = sorted(
            grids, key=lambda row: (row.get("valid_to") is not None, row["_id"])
        )
        self._number = {row["_id"]: number for number, row in enumerate(self._grids)}
        self._shapes = [shapely_shape(row["shape"]) for row in self._grids]
        self._tree = STRtree(self._shapes)

    def grids_at(self, places: Sequence[LngLat]) -> list[list[Row]]:
        """Give the grids that hold each point: those that go on first, then the lower code."""
        found: list[list[Row]] = [[] for _ in places]
        if places and self._shapes:
            pairs = self._tree.query(points(np.asarray(places, dtype=float)), predicate="intersects")
            for place, grid in sorted(zip(*(half.tolist() for half in pairs), strict=True)):
                found[place].append(self._grids[grid])
        return found

    def holds(self, grid_code: str, place: LngLat) -> bool:
        """Tell whether a grid holds a point, its border included."""
        number = self._number.get(grid_code)
        return number is not None and self._shapes[number].distance(Point(place)) <= _SAME_DEGREES

    def grid(self, grid_code: str) -> Row | None:
        """Find a valid grid by its code."""
        number = self._number.get(grid_code)
        return None if number is None else self._grids[number]

    def standing(self, grid_code: str, there: Sequence[Row]) -> Row | None:
        """Find the grid of what stands in a grid: of those `there` one that goes on, once that one ends."""
        grid = self.grid(grid_code)
        return grid if grid is None or grid.get("valid_to") is None else there[0] if there else grid

    def datum_that_fits(self, grid_code: str, given: LngLat, datum: Datum) -> str | None:
        """Name the datum in which a point would lie in the grid that it is said to be in."""
        for other in ("GCJ02", "BD09", "WGS84"):
            if other != _FAMILY[datum] and self.holds(grid_code, to_wgs84(given, other)):
                return WORDS_OF_DATUM[other]
        return None


@dataclass(frozen=True)
class Border:
    """The border of a unit grid, with the days it is valid from and until; `row` where it is of a file."""

    code: str
    shape: Geometry
    valid_from: str
    valid_to: str | None
    row: int | None = None

    def meets(self, other: Border) -> bool:
        """Tell whether both are valid on some day."""
        return (self.valid_to is None or other.valid_from < self.valid_to) and (
            other.valid_to is None or self.valid_from < other.valid_to
        )


def border_of(row: Row, number: int | None = None) -> Border:
    """Take the border out of a stored grid or of a row of a file."""
    shape: Any = row["shape"]
    return Border(row["_id"], shapely_shape(shape), row.get("valid_from") or "", row.get("valid_to"), number)


def overlaps(borders: Sequence[Border]) -> list[tuple[Border, Border]]:
    """Name the pairs of grids that cover the same ground on some day; the later row of the file first."""
    if not borders:
        return []
    tree = STRtree([border.shape for border in borders])
    found = []
    for first, second in zip(*(half.tolist() for half in _pairs(tree, borders)), strict=True):
        one, other = borders[first], borders[second]
        if (
            first < second
            and one.code != other.code
            and one.meets(other)
            and _overlap(one.shape, other.shape)
        ):
            found.append((one, other) if (one.row or 0) > (other.row or 0) else (other, one))
    return found


def _pairs(tree: STRtree, borders: Sequence[Border]) -> Any:
    return tree.query([border.shape for border in borders], predicate="intersects")


def _overlap(one: Geometry, other: Geometry) -> bool:
    area = one.intersection(other).area
    return bool(area > max(_LEAST_OVERLAP, _LEAST_SHARE * min(one.area, other.area)))


def leaves(grid: Geometry, community: Geometry) -> bool:
    """Tell whether a grid goes beyond the border of its community."""
    beyond = grid.difference(community).area
    return bool(beyond > max(_LEAST_OVERLAP, _LEAST_SHARE * grid.area))
