"""The datums against golden values, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_core.kit.geo import Datum, LngLat, distance_m, from_wgs84, to_wgs84

TIANANMEN = (116.391349, 39.907375)  # WGS-84


def test_golden_values() -> None:
    lng, lat = from_wgs84(TIANANMEN, "GCJ02")
    assert (lng, lat) == pytest.approx((116.397592, 39.908778), abs=2e-6)
    lng, lat = from_wgs84(TIANANMEN, "BD09")
    assert (lng, lat) == pytest.approx((116.403963, 39.915119), abs=5e-6)


# WGS-84, datum, what others make of it. Published by four implementations that do not share their code:
# coordtransform (its readme, and the tests of Hutool's CoordinateUtil), tool.lu by way of the same tests,
# eviltransform (documentation of its Elixir port), geotool (tests of its command line). The last two take
# the earth to be 6,378,137 m: that is what the difference of 8e-8 degrees comes from.
PUBLISHED: list[tuple[LngLat, Datum, LngLat]] = [
    ((116.404, 39.915), "GCJ02", (116.41024449916938, 39.91640428150164)),
    ((116.404, 39.915), "BD09", (116.41662724378733, 39.922699552216216)),
    ((122.99395597, 44.99804071), "BD09", (123.00636516028885, 45.0063690918959)),
    ((120.596931, 31.280844), "GCJ02", (120.60109998322247, 31.278648624428175)),
    ((121.0917077, 30.6107779), "GCJ02", (121.09626935575027, 30.608604331756705)),
    ((121.0917077, 30.6107779), "BD09", (121.10271732371203, 30.61484572185035)),
]


@pytest.mark.parametrize(("wgs84", "datum", "published"), PUBLISHED)
def test_what_others_publish(wgs84: LngLat, datum: Datum, published: LngLat) -> None:
    assert from_wgs84(wgs84, datum) == pytest.approx(published, abs=1e-7)
    assert to_wgs84(published, datum) == pytest.approx(wgs84, abs=1e-7)


def test_between_the_two_offset_datums() -> None:
    """Published by coordtransform for 116.404, 39.915: its way back is a formula, good to a metre."""
    from_gcj02 = from_wgs84(to_wgs84((116.404, 39.915), "GCJ02"), "BD09")
    assert from_gcj02 == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-7)
    from_bd09 = from_wgs84(to_wgs84((116.404, 39.915), "BD09"), "GCJ02")
    assert from_bd09 == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-5)


@settings(max_examples=400)
@given(
    lng=st.floats(73.0, 136.0),
    lat=st.floats(3.0, 54.0),
    datum=st.sampled_from(["GCJ02", "BD09", "CGCS2000", "WGS84"]),
)
def test_there_and_back(lng: float, lat: float, datum: Datum) -> None:
    assert to_wgs84(from_wgs84((lng, lat), datum), datum) == pytest.approx((lng, lat), abs=1e-7)
    assert from_wgs84(to_wgs84((lng, lat), datum), datum) == pytest.approx((lng, lat), abs=1e-7)


@given(lng=st.floats(-180, 180), lat=st.floats(-85, 85))
def test_cgcs2000_is_wgs84(lng: float, lat: float) -> None:
    assert to_wgs84((lng, lat), "CGCS2000") == from_wgs84((lng, lat), "CGCS2000") == (lng, lat)


@given(
    point=st.one_of(
        st.tuples(st.floats(-180, 72.0), st.floats(-85, 85)),
        st.tuples(st.floats(137.84, 180), st.floats(-85, 85)),
        st.tuples(st.floats(-180, 180), st.floats(-85, 0.82)),
        st.tuples(st.floats(-180, 180), st.floats(55.83, 85)),
    )
)
def test_outside_the_box_of_the_offset_nothing_moves(point: LngLat) -> None:
    assert from_wgs84(point, "GCJ02") == point == to_wgs84(point, "GCJ02")
    assert from_wgs84(point, "BD09") == point


@pytest.mark.parametrize(
    "point", [(2.35, 48.85), (139.69, 35.69), (-74.0, 40.7), (118.0, 56.5), (106.8, -6.2)]
)
def test_back_from_outside(point: LngLat) -> None:
    assert to_wgs84(point, "BD09") == point


def test_the_offset_ends_at_a_box_not_at_the_border_of_the_country() -> None:
    """Seoul and Hanoi lie in the box that the known formula knows China by: they are moved as well."""
    for lng, lat in ((126.978, 37.5665), (105.8342, 21.0278)):
        assert from_wgs84((lng, lat), "GCJ02") != (lng, lat)
    assert from_wgs84((72.0039, 40.0), "GCJ02") == (72.0039, 40.0)
    assert from_wgs84((72.0041, 40.0), "GCJ02") != (72.0041, 40.0)


def test_points_outside_china_are_not_shifted() -> None:
    assert from_wgs84((2.35, 48.85), "GCJ02") == (2.35, 48.85)


def test_a_degree_of_latitude() -> None:
    assert distance_m((118.0, 36.0), (118.0, 37.0)) == pytest.approx(111_195, rel=1e-4)
