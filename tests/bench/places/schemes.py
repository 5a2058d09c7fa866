"""Four ways to number the ground, each as runs of one plain index: ours, geohash, S2 and H3 (decision 0024).

A scheme numbers a point finely and covers a box by a few of its own coarser cells; the fine cells of a
coarse one are one run of numbers in all four.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cache

import h3.api.basic_int as h3
import s2cell

from city_core.places.cells import FINEST, Box, CellRange, cell_of, middle_of, ranges_in

LngLat = tuple[float, float]
H3_FINEST, S2_FINEST = 11, 20


class Scheme(ABC):
    """A way to number the ground; levels are the scheme's own, a larger one is finer."""

    name: str
    field: str
    finest: int
    coarsest: int
    step: int  # a finer level divides a number by two to this power

    @abstractmethod
    def cell(self, lng: float, lat: float, level: int) -> int:
        """Number the cell of a level around a point."""

    @abstractmethod
    def run_of(self, cell: int, level: int) -> CellRange:
        """Give the finest cells of a cell."""

    @abstractmethod
    def cells_in(self, box: Box, level: int) -> Iterable[int]:
        """Give the cells of a level that a box touches."""

    @abstractmethod
    def middle(self, cell: int, level: int) -> LngLat:
        """Give the middle of a cell."""

    @abstractmethod
    def neighbours(self, lng: float, lat: float, level: int) -> Sequence[int]:
        """Give the cells that share a side with the one around a point."""

    def parent(self, cell: int, level: int) -> int:
        """Give the number that the finest cells of one coarser cell have in common."""
        return cell - cell % self.modulus(level)

    def modulus(self, level: int) -> int:
        """Give by what a finest number is cut down to that of its cell of a level."""
        return 1 << self.step * (self.finest - level)

    def cover(self, box: Box, most: int) -> list[CellRange]:
        """Cover a box with at most so many cells, of the finest level that allows it."""
        chosen: list[CellRange] = []
        for level in range(self.coarsest, self.finest + 1):
            cells = list(self.cells_in(box, level))
            if len(cells) > most and chosen:
                break
            chosen = [self.run_of(cell, level) for cell in cells]
        joined: list[CellRange] = []
        for first, after in sorted(chosen):
            begins = joined.pop()[0] if joined and joined[-1][1] >= first else first
            joined.append((begins, after))
        return joined


class WebSquares(Scheme):
    """Squares of the web map in Morton order: what `city_core.places.cells` does."""

    name, field, finest, coarsest, step = "web map squares", "cell", FINEST, 6, 2

    def cell(self, lng: float, lat: float, level: int) -> int:
        return cell_of(lng, lat, level)

    def run_of(self, cell: int, level: int) -> CellRange:
        turn = 2 * (FINEST - level)
        return cell << turn, (cell + 1) << turn

    def cells_in(self, box: Box, level: int) -> Iterable[int]:
        wide, high = 360 / 2**level, 360 / 2**level * math.cos(math.radians(box.north))
        return {cell_of(lng, lat, level) for lng, lat in _net(box, wide, high)}

    def middle(self, cell: int, level: int) -> LngLat:
        return middle_of(cell, level)

    def neighbours(self, lng: float, lat: float, level: int) -> Sequence[int]:
        wide = 360 / 2**level
        high = wide * math.cos(math.radians(lat))
        return [cell_of(lng + x * wide, lat + y * high, level) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))]

    def cover(self, box: Box, most: int) -> list[CellRange]:
        return list(ranges_in(box, most=most))


class Geohash(Scheme):
    """Geohash as a number: halves of longitude and latitude in turn; twenty lines need no library."""

    name, field, finest, coarsest, step = "geohash", "geohash", 22, 6, 2

    def cell(self, lng: float, lat: float, level: int) -> int:
        column, row = int((lng + 180) / 360 * (1 << level)), int((lat + 90) / 180 * (1 << level))
        return self._mixed(column, row, level)

    def run_of(self, cell: int, level: int) -> CellRange:
        turn = 2 * (self.finest - level)
        return cell << turn, (cell + 1) << turn

    def cells_in(self, box: Box, level: int) -> Iterable[int]:
        columns = range(
            *(int((at + 180) / 360 * (1 << level)) + more for at, more in ((box.west, 0), (box.east, 1)))
        )
        rows = range(
            *(int((at + 90) / 180 * (1 << level)) + more for at, more in ((box.south, 0), (box.north, 1)))
        )
        return [self._mixed(column, row, level) for column in columns for row in rows]

    def middle(self, cell: int, level: int) -> LngLat:
        column = sum((cell >> 2 * bit & 1) << bit for bit in range(level))
        row = sum((cell >> 2 * bit + 1 & 1) << bit for bit in range(level))
        return (column + 0.5) / (1 << level) * 360 - 180, (row + 0.5) / (1 << level) * 180 - 90

    def neighbours(self, lng: float, lat: float, level: int) -> Sequence[int]:
        wide, high = 360 / 2**level, 180 / 2**level
        return [
            self.cell(lng + x * wide, lat + y * high, level) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
        ]

    @staticmethod
    def _mixed(column: int, row: int, level: int) -> int:
        return sum((column >> bit & 1) << 2 * bit | (row >> bit & 1) << 2 * bit + 1 for bit in range(level))


class S2(Scheme):
    """S2 by the package `s2cell`, which numbers but does not cover.

    A fine net of points stands in for that, and takes its time: a real coverer would be faster.
    """

    name, field, finest, coarsest, step = "S2", "s2", S2_FINEST, 6, 2

    def cell(self, lng: float, lat: float, level: int) -> int:
        return int(s2cell.lat_lon_to_cell_id(lat, lng, level))

    def run_of(self, cell: int, level: int) -> CellRange:
        half = cell & -cell
        return cell - half + 1, cell + half

    def cells_in(self, box: Box, level: int) -> Iterable[int]:
        edge = 78.0 / 2**level  # degrees of latitude that the smallest cell of a level spans, about
        return {self.cell(lng, lat, level) for lng, lat in _net(box, edge / 6, edge / 6)}

    def middle(self, cell: int, level: int) -> LngLat:
        lat, lng = s2cell.cell_id_to_lat_lon(cell)
        return lng, lat

    def neighbours(self, lng: float, lat: float, level: int) -> Sequence[int]:
        found: list[int] = s2cell.cell_id_to_neighbor_cell_ids(self.cell(lng, lat, level))
        return found

    def modulus(self, level: int) -> int:
        return 1 << 2 * (30 - level) + 1


class H3(Scheme):
    """H3 by its own package, in its form of numbers; a cell's children are one run, though not inside it."""

    name, field, finest, coarsest, step = "H3", "h3", H3_FINEST, 4, 3

    def cell(self, lng: float, lat: float, level: int) -> int:
        return int(h3.latlng_to_cell(lat, lng, level))

    def run_of(self, cell: int, level: int) -> CellRange:
        first = last = (cell & ~(0xF << 52)) | H3_FINEST << 52
        for finer in range(level + 1, H3_FINEST + 1):
            turn = 3 * (15 - finer)
            first &= ~(7 << turn)
            last = (last & ~(7 << turn)) | 6 << turn
        return first, last + 1

    def cells_in(self, box: Box, level: int) -> Iterable[int]:
        corners = [(box.south, box.west), (box.south, box.east), (box.north, box.east), (box.north, box.west)]
        found: list[int] = h3.h3shape_to_cells_experimental(h3.LatLngPoly(corners), level, contain="overlap")
        return found

    def middle(self, cell: int, level: int) -> LngLat:
        lat, lng = h3.cell_to_latlng(cell)
        return lng, lat

    def neighbours(self, lng: float, lat: float, level: int) -> Sequence[int]:
        own = self.cell(lng, lat, level)
        return [cell for cell in h3.grid_disk(own, 1) if cell != own]

    def modulus(self, level: int) -> int:
        return 1 << 3 * (15 - level)


@cache
def all_schemes() -> tuple[Scheme, ...]:
    """Give the schemes that are compared."""
    return WebSquares(), Geohash(), S2(), H3()


def _net(box: Box, wide: float, high: float) -> Iterable[LngLat]:
    columns, rows = math.ceil((box.east - box.west) / wide), math.ceil((box.north - box.south) / high)
    for column in range(columns + 1):
        for row in range(rows + 1):
            yield min(box.east, box.west + column * wide), min(box.north, box.south + row * high)
