"""The demo grids of Zhangdian: complete, valid, and without a gap or an overlap."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import unary_union
from shapely.geometry import Point
from shapely.geometry import shape as shapely_shape

from city_seed.reference import read_reference
from city_seed.tiling import MICRO, Rect, in_equal_parts, in_rows
from city_seed.zhangdian import BOX, Places, build_places

Edge = tuple[tuple[float, float], tuple[float, float]]


@pytest.fixture(scope="module")
def places() -> Places:
    return build_places(read_reference().divisions)


def ring_of(grid: dict) -> list[tuple[float, float]]:
    return [(lng, lat) for lng, lat in grid["shape"]["coordinates"][0]]


def edges_of(grid: dict) -> list[Edge]:
    return list(pairwise(ring_of(grid)))


def plane_area(ring: list[tuple[float, float]]) -> int:
    """Signed doubled area in whole millionths of a degree; positive when the ring runs counter-clockwise."""
    whole = [(round(lng * MICRO), round(lat * MICRO)) for lng, lat in ring]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(whole))


def test_the_counts_are_those_of_the_demo_district(places: Places) -> None:
    assert Counter(row["level"] for row in places.divisions) == {"district": 1, "street": 13, "community": 73}
    assert len(places.unit_grids) == 1_466
    assert len(places.responsibility_grids) == 146


def test_the_border_of_a_division_is_that_of_its_grids(places: Places) -> None:
    for division in places.divisions:
        own = [grid["shape"] for grid in places.unit_grids if grid["_id"].startswith(division["_id"])]
        drawn, border = unary_union([shapely_shape(shape) for shape in own]), shapely_shape(division["shape"])
        assert drawn.geom_type == "Polygon"
        assert drawn.symmetric_difference(border).area == 0
        corners = {tuple(point) for shape in own for point in shape["coordinates"][0]}
        on_border = {point for point in corners if border.exterior.distance(Point(point)) < 1e-12}
        assert on_border == set(ring_of(division))


def test_grid_codes_are_fifteen_digits_within_their_community(places: Places) -> None:
    codes = [grid["_id"] for grid in places.unit_grids]
    assert len(set(codes)) == len(codes)
    communities = {row["_id"] for row in places.divisions if row["level"] == "community"}
    for grid in places.unit_grids:
        code = grid["_id"]
        assert code.isdecimal() and len(code) == 15
        assert (grid["community_code"], grid["street_code"], grid["district_code"]) == (
            code[:12],
            code[:9],
            "370303",
        )
        assert grid["community_code"] in communities
        assert not grid["code_is_real"]


def test_serials_run_west_to_east_and_then_north_to_south(places: Places) -> None:
    by_community = defaultdict(list)
    for grid in places.unit_grids:
        by_community[grid["community_code"]].append(grid)
    for grids in by_community.values():
        assert [int(grid["_id"][12:]) for grid in grids] == list(range(1, len(grids) + 1))
        reading = sorted(
            grids, key=lambda grid: (-grid["centre"]["coordinates"][1], grid["centre"]["coordinates"][0])
        )
        assert reading == grids


def test_rings_are_closed_and_run_counter_clockwise_without_a_point_twice(places: Places) -> None:
    for grid in places.unit_grids:
        ring = ring_of(grid)
        assert ring[0] == ring[-1]
        assert len(set(ring)) == len(ring) - 1
        assert plane_area(ring) > 0


def test_grids_fill_the_box_without_gap_or_overlap(places: Places) -> None:
    """Every inner border is walked exactly once in each direction; only the rim of the box is walked once.

    Closed counter-clockwise rings whose edges cancel out but for the rim cover the inside of the rim once.
    """
    walked = Counter(edge for grid in places.unit_grids for edge in edges_of(grid))
    assert set(walked.values()) == {1}
    rim = [edge for edge in walked if (edge[1], edge[0]) not in walked]
    west, south, east, north = (value / MICRO for value in (BOX.west, BOX.south, BOX.east, BOX.north))
    for (lng_a, lat_a), (lng_b, lat_b) in rim:
        assert lng_a == lng_b in (west, east) or lat_a == lat_b in (south, north)
    total = sum(plane_area(ring_of(grid)) for grid in places.unit_grids)
    assert total == 2 * (BOX.east - BOX.west) * (BOX.north - BOX.south)


def test_no_grid_crosses_a_community_border(places: Places) -> None:
    """The grids of a community fill its bounding box, so the borders between communities are grid borders."""
    by_community = defaultdict(list)
    for grid in places.unit_grids:
        by_community[grid["community_code"]].append(ring_of(grid))
    for rings in by_community.values():
        lngs = [round(lng * MICRO) for ring in rings for lng, _ in ring]
        lats = [round(lat * MICRO) for ring in rings for _, lat in ring]
        box = (max(lngs) - min(lngs)) * (max(lats) - min(lats))
        assert sum(map(plane_area, rings)) == 2 * box


def test_the_stated_sizes_are_true(places: Places) -> None:
    areas = [grid["area_m2"] for grid in places.unit_grids]
    assert 26_000 < min(areas) < 27_000
    assert 2_100_000 < max(areas) < 2_150_000
    assert isclose(sum(areas), 554.5e6, rel_tol=0.002)
    inner = [g["area_m2"] for g in places.unit_grids if g["street_code"] in ("370303002", "370303006")]
    assert min(inner) > 26_000 and max(inner) < 32_000


def test_area_classes_grow_from_the_centre_outwards(places: Places) -> None:
    classes = Counter(grid["area_class"] for grid in places.unit_grids)
    assert set(classes) == {"A", "B", "C"}
    assert min(classes.values()) > 300


def test_every_unit_grid_is_in_exactly_one_responsibility_grid_of_its_community(places: Places) -> None:
    held = Counter(code for row in places.responsibility_grids for code in row["grid_codes"])
    assert held == Counter(grid["_id"] for grid in places.unit_grids)
    holder = {code: row for row in places.responsibility_grids for code in row["grid_codes"]}
    for grid in places.unit_grids:
        row = holder[grid["_id"]]
        assert row["_id"] == grid["responsibility_grid_id"]
        assert row["community_code"] == grid["community_code"] == row["_id"][:12]
        assert len(row["_id"]) == 14
    assert {len(row["grid_codes"]) for row in places.responsibility_grids} == {10, 11}


def test_a_responsibility_grid_is_one_piece(places: Places) -> None:
    shapes = {grid["_id"]: grid for grid in places.unit_grids}
    for row in places.responsibility_grids:
        border = {code: set(edges_of(shapes[code])) for code in row["grid_codes"]}
        reached, waiting = set(), [row["grid_codes"][0]]
        while waiting:
            here = waiting.pop()
            reached.add(here)
            back = {(b, a) for a, b in border[here]}
            waiting += [code for code in border if code not in reached and border[code] & back]
        assert reached == set(row["grid_codes"]), row["_id"]


def test_the_same_divisions_give_the_same_grids(places: Places) -> None:
    assert build_places(read_reference().divisions) == places


@settings(max_examples=60, deadline=None)
@given(
    west=st.integers(100_000_000, 100_001_000),
    south=st.integers(30_000_000, 30_001_000),
    width=st.integers(2_000, 300_000),
    height=st.integers(2_000, 300_000),
    count=st.integers(1, 40),
)
def test_any_box_is_cut_into_as_many_parts_as_asked_for(
    west: int, south: int, width: int, height: int, count: int
) -> None:
    box = Rect(west, south, west + width, south + height)
    for cut in (in_rows, in_equal_parts):
        parts = cut(box, count)
        assert len(parts) == count
        areas = [(part.east - part.west) * (part.north - part.south) for part in parts]
        assert min(areas) > 0 and sum(areas) == width * height
