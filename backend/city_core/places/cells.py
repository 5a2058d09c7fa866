"""Cells of the map: squares of the web map's own grid, numbered so that any tile is one run of numbers.

A cell of level 22 is 7.6 m wide in Zhangdian. Its number interleaves the bits of column and row (Morton
order): the cells of a tile follow each other, so a tile of any zoom is one range of one plain index, and
the parent of a cell is the number without its last two bits. Why not H3, S2 or geohash: decision 0024.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FINEST = 22
MOST_LAT = 85.051128  # beyond lies what the web map leaves out
CellRange = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """A part of the map between two meridians and two parallels, WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float


def cell_of(lng: float, lat: float, level: int = FINEST) -> int:
    """Number the cell of a level in which a WGS-84 point lies."""
    return cell_at(*_column_and_row(lng, lat, level))


def parent_of(cell: int, level: int, *, of: int = FINEST) -> int:
    """Number the cell of a coarser level around a cell of level `of`."""
    return cell >> 2 * (of - level)


def tile_range(level: int, column: int, row: int) -> CellRange:
    """Give the finest cells of a tile, the first one and the one after the last."""
    cell = cell_at(column, row)
    turn = 2 * (FINEST - level)
    return cell << turn, (cell + 1) << turn


def cell_at(column: int, row: int) -> int:
    """Number the cell in a column and a row of its level."""
    return _spread(column) | _spread(row) << 1


def middle_of(cell: int, level: int) -> tuple[float, float]:
    """Give the middle of a cell, WGS-84 degrees."""
    column, row = _gather(cell), _gather(cell >> 1)
    return _lng_lat(column + 0.5, row + 0.5, level)


def mean_of(weighed: Iterable[tuple[int, int]], level: int) -> tuple[float, float]:
    """Give the mean place of cells of a level, each with its weight, WGS-84 degrees."""
    column = row = weight = 0.0
    for cell, own in weighed:
        column += (_gather(cell) + 0.5) * own
        row += (_gather(cell >> 1) + 0.5) * own
        weight += own
    return _lng_lat(column / weight, row / weight, level)


def box_of(level: int, column: int, row: int) -> Box:
    """Give the borders of a tile."""
    west, north = _lng_lat(column, row, level)
    east, south = _lng_lat(column + 1, row + 1, level)
    return Box(west, south, east, north)


def tiles_of(box: Box, level: int) -> tuple[range, range]:
    """Give the columns and the rows of the cells of a level that a box touches."""
    first_column, first_row = _column_and_row(box.west, box.north, level)
    last_column, last_row = _column_and_row(box.east, box.south, level)
    return range(first_column, last_column + 1), range(first_row, last_row + 1)


def ranges_in(box: Box, *, most: int = 8) -> Sequence[CellRange]:
    """Cover a box by at most `most` runs of finest cells, from tiles about as large as the box.

    What they cover beyond the box is for the reader to leave out.
    """
    level = FINEST
    while level > 0:
        columns, rows = tiles_of(box, level)
        if len(columns) * len(rows) <= most:
            break
        level -= 1
    columns, rows = tiles_of(box, level)
    found = sorted(tile_range(level, column, row) for column in columns for row in rows)
    return _joined(found)


def _joined(ranges: Sequence[CellRange]) -> list[CellRange]:
    joined: list[CellRange] = []
    for first, after in ranges:
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], after)
        else:
            joined.append((first, after))
    return joined


def _column_and_row(lng: float, lat: float, level: int) -> tuple[int, int]:
    size = 1 << level
    bounded = math.radians(min(MOST_LAT, max(-MOST_LAT, lat)))
    column = (lng + 180.0) / 360.0 * size
    row = (1.0 - math.asinh(math.tan(bounded)) / math.pi) / 2.0 * size
    return min(size - 1, max(0, math.floor(column))), min(size - 1, max(0, math.floor(row)))


def _lng_lat(column: float, row: float, level: int) -> tuple[float, float]:
    size = 1 << level
    lat = math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * row / size))))
    return column / size * 360.0 - 180.0, lat


def _spread(value: int) -> int:
    """Put a zero between any two bits."""
    value = (value | value << 16) & 0x0000FFFF0000FFFF
    value = (value | value << 8) & 0x00FF00FF00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F0F0F0F0F
    value = (value | value << 2) & 0x3333333333333333
    return (value | value << 1) & 0x5555555555555555


def _gather(value: int) -> int:
    """Take every other bit."""
    value &= 0x5555555555555555
    value = (value | value >> 1) & 0x3333333333333333
    value = (value | value >> 2) & 0x0F0F0F0F0F0F0F0F
    value = (value | value >> 4) & 0x00FF00FF00FF00FF
    value = (value | value >> 8) & 0x0000FFFF0000FFFF
    return (value | value >> 16) & 0x00000000FFFFFFFF
