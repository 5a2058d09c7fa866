"""Cells of the map: every tile is one run of numbers, parents hold their children, a box is covered whole."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.places.cells import (
    FINEST,
    MOST_LAT,
    Box,
    box_of,
    cell_of,
    middle_of,
    parent_of,
    ranges_in,
    tile_range,
)

LNG, LAT = 118.055, 36.813
_lng = st.floats(-180, 180, exclude_max=True)
_lat = st.floats(-MOST_LAT, MOST_LAT)
_levels = st.integers(0, FINEST)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Parts of the map, from some metres to half the country."""
    west, south = draw(st.floats(-170, 150)), draw(st.floats(-80, 60))
    width, height = draw(st.floats(1e-4, 20)), draw(st.floats(1e-4, 20))
    return Box(west, south, west + width, south + height)


@pytest.mark.parametrize("level", [1, 10, 16, 18, FINEST])
def test_the_tiles_of_a_place_are_those_of_the_web_map(level: int) -> None:
    latitude = math.radians(LAT)
    across = math.log(math.tan(latitude) + 1 / math.cos(latitude))  # the formula as map makers write it
    column, row = int((LNG + 180) / 360 * 2**level), int((1 - across / math.pi) / 2 * 2**level)
    first, after = tile_range(level, column, row)
    assert first <= cell_of(LNG, LAT) < after
    box = box_of(level, column, row)
    assert box.west <= LNG < box.east
    assert box.south < LAT <= box.north


def test_numbers_are_kept_as_they_are() -> None:
    # Cases, components, points and tallies hold them: another numbering would need a new field.
    assert cell_of(LNG, LAT) == 8_319_340_835_202
    assert cell_of(LNG, LAT, 10) == parent_of(cell_of(LNG, LAT), 10)
    assert cell_of(-180, 90) == 0
    assert cell_of(180, -90) == (1 << 2 * FINEST) - 1


@given(_lng, _lat, _levels)
def test_the_parent_of_a_cell_is_the_coarser_cell_of_the_same_point(
    lng: float, lat: float, level: int
) -> None:
    assert parent_of(cell_of(lng, lat), level) == cell_of(lng, lat, level)


@given(_lng, _lat, st.integers(1, FINEST))
def test_the_middle_of_a_cell_lies_in_it(lng: float, lat: float, level: int) -> None:
    cell = cell_of(lng, lat, level)
    assert cell_of(*middle_of(cell, level), level) == cell


@given(_lng, st.floats(-85, 85), st.integers(0, 20))
def test_a_tile_holds_its_points_and_no_others(lng: float, lat: float, level: int) -> None:
    size = 1 << level
    column = min(size - 1, math.floor((lng + 180) / 360 * size))
    cell = cell_of(lng, lat)
    holding = [row for row in _rows_near(lat, size) if _holds(tile_range(level, column, row), cell)]
    assert len(holding) == 1


@given(st.integers(0, 12), st.data())
def test_the_four_tiles_of_a_tile_are_its_quarters_in_turn(level: int, data: st.DataObject) -> None:
    column, row = (data.draw(st.integers(0, (1 << level) - 1)) for _ in range(2))
    inner = sorted(tile_range(level + 1, 2 * column + x, 2 * row + y) for x in (0, 1) for y in (0, 1))
    whole = tile_range(level, column, row)
    assert (inner[0][0], inner[-1][1]) == whole
    assert all(a[1] == b[0] for a, b in pairwise(inner))


@given(boxes(), st.integers(4, 64), st.data())
def test_a_box_is_covered_whole_by_few_runs(box: Box, most: int, data: st.DataObject) -> None:
    runs = ranges_in(box, most=most)
    assert 1 <= len(runs) <= most
    assert all(first < after for first, after in runs)
    assert all(a[1] < b[0] for a, b in pairwise(runs)), "runs stand in order and do not touch"
    for _ in range(5):
        lng, lat = data.draw(st.floats(box.west, box.east)), data.draw(st.floats(box.south, box.north))
        assert sum(_holds(run, cell_of(lng, lat)) for run in runs) == 1


@given(boxes())
def test_more_runs_cover_less_beyond_a_box(box: Box) -> None:
    def ground(most: int) -> int:
        return sum(after - first for first, after in ranges_in(box, most=most))

    assert ground(4) >= ground(16) >= ground(64)


def test_beyond_the_web_map_the_nearest_cell_is_taken() -> None:
    assert cell_of(0, 90) == cell_of(0, MOST_LAT)
    assert ranges_in(Box(-180, -90, 180, 90)) == [(0, 1 << 2 * FINEST)]


def _holds(run: tuple[int, int], cell: int) -> bool:
    return run[0] <= cell < run[1]


def _rows_near(lat: float, size: int) -> range:
    row = math.floor((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size)
    return range(max(0, row - 1), min(size, row + 2))
