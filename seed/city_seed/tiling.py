"""Rectangles that fill a box without gap or overlap.

Whole millionths of a degree are used throughout: two rectangles that touch share the very same numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import radians, sin

Point = tuple[int, int]
MICRO = 1_000_000
_EARTH_RADIUS_M = 6_371_008.8
# At the latitude of the box a degree is this long; it only decides which way to cut.
_METRES = (0.0892, 0.1112)


@dataclass(frozen=True)
class Rect:
    """A rectangle between two meridians and two parallels, millionths of a degree."""

    west: int
    south: int
    east: int
    north: int

    @property
    def middle(self) -> Point:
        return (self.west + self.east) // 2, (self.south + self.north) // 2

    @property
    def is_wide(self) -> bool:
        return (self.east - self.west) * _METRES[0] >= (self.north - self.south) * _METRES[1]

    @property
    def area_m2(self) -> float:
        turn = radians((self.east - self.west) / MICRO)
        height = sin(radians(self.north / MICRO)) - sin(radians(self.south / MICRO))
        return _EARTH_RADIUS_M**2 * turn * height

    def cut_at(self, axis: int, at: int) -> tuple[Rect, Rect]:
        """Cut along a meridian (axis 0: west and east part) or a parallel (axis 1: south and north part)."""
        if axis == 0:
            west = Rect(self.west, self.south, at, self.north)
            return west, Rect(at, self.south, self.east, self.north)
        return Rect(self.west, self.south, self.east, at), Rect(self.west, at, self.east, self.north)


def around_centres(box: Rect, centres: Mapping[str, Point]) -> dict[str, Rect]:
    """Give every centre one rectangle of the box.

    The box is cut halfway between the two neighbouring centres that lie farthest apart to the east or to the
    north, and each part again, until a part holds one centre.
    """
    if len(centres) == 1:
        return {next(iter(centres)): box}
    _, axis, at = max(_gaps(centres))
    low, high = box.cut_at(axis, at)
    below = {code: centre for code, centre in centres.items() if centre[axis] <= at}
    above = {code: centre for code, centre in centres.items() if centre[axis] > at}
    return {**around_centres(low, below), **around_centres(high, above)}


def _gaps(centres: Mapping[str, Point]) -> Iterable[tuple[float, int, int]]:
    for axis in (0, 1):
        marks = sorted(centre[axis] for centre in centres.values())
        for low, high in pairwise(marks):
            yield (high - low) * _METRES[axis], axis, (low + high) // 2


def in_equal_parts(box: Rect, count: int) -> list[Rect]:
    """Cut a box into parts of about equal area, always across its longer side."""
    if count == 1:
        return [box]
    first = count // 2
    if box.is_wide:
        low, high = box.cut_at(0, box.west + (box.east - box.west) * first // count)
        return in_equal_parts(low, first) + in_equal_parts(high, count - first)
    low, high = box.cut_at(1, box.north - (box.north - box.south) * first // count)
    return in_equal_parts(high, first) + in_equal_parts(low, count - first)


def in_rows(box: Rect, count: int) -> list[Rect]:
    """Cut a box into rows of about square cells of equal area: west to east in a row, then north to south."""
    width, height = (box.east - box.west) * _METRES[0], (box.north - box.south) * _METRES[1]
    rows = min(count, max(1, round((count * height / width) ** 0.5)))
    cells: list[Rect] = []
    for row in range(rows):
        in_row = count // rows + (row < count % rows)
        north = box.north - (box.north - box.south) * len(cells) // count
        south = box.north - (box.north - box.south) * (len(cells) + in_row) // count
        marks = [box.west + (box.east - box.west) * step // in_row for step in range(in_row + 1)]
        cells += [Rect(west, south, east, north) for west, east in pairwise(marks)]
    return cells


def rings(cells: Iterable[Rect], among: Iterable[Rect] = ()) -> list[list[Point]]:
    """Draw the border of each cell, counter-clockwise and closed, through every corner of a neighbour on it.

    Neighbours are the cells themselves and those `among` which they lie.

    A straight border on the globe is a great circle, not a parallel. With the neighbours' corners in it, two
    neighbours have the very same edges, so no point on the ground falls between them.
    """
    cells = list(cells)
    on_meridian: dict[int, set[int]] = defaultdict(set)
    on_parallel: dict[int, set[int]] = defaultdict(set)
    for cell in (*cells, *among):
        for lng in (cell.west, cell.east):
            on_meridian[lng] |= {cell.south, cell.north}
        for lat in (cell.south, cell.north):
            on_parallel[lat] |= {cell.west, cell.east}
    return [_ring(cell, on_meridian, on_parallel) for cell in cells]


def _ring(
    cell: Rect, on_meridian: Mapping[int, set[int]], on_parallel: Mapping[int, set[int]]
) -> list[Point]:
    def across(lat: int) -> list[int]:
        return sorted(lng for lng in on_parallel[lat] if cell.west <= lng <= cell.east)

    def along(lng: int) -> list[int]:
        return sorted(lat for lat in on_meridian[lng] if cell.south <= lat <= cell.north)

    south = [(lng, cell.south) for lng in across(cell.south)]
    east = [(cell.east, lat) for lat in along(cell.east)]
    north = [(lng, cell.north) for lng in reversed(across(cell.north))]
    west = [(cell.west, lat) for lat in reversed(along(cell.west))]
    return south[:-1] + east[:-1] + north[:-1] + west
