"""The datums against golden values, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.kit.geo import Datum, distance_m, from_wgs84, to_wgs84

TIANANMEN = (116.391349, 39.907375)  # WGS-84


def test_golden_values() -> None:
    lng, lat = from_wgs84(TIANANMEN, "GCJ02")
    assert (lng, lat) == pytest.approx((116.397592, 39.908778), abs=2e-6)
    lng, lat = from_wgs84(TIANANMEN, "BD09")
    assert (lng, lat) == pytest.approx((116.403963, 39.915119), abs=5e-6)


@given(
    lng=st.floats(117.9, 118.3),
    lat=st.floats(36.6, 37.0),
    datum=st.sampled_from(["GCJ02", "BD09", "CGCS2000", "WGS84"]),
)
def test_there_and_back(lng: float, lat: float, datum: Datum) -> None:
    assert to_wgs84(from_wgs84((lng, lat), datum), datum) == pytest.approx((lng, lat), abs=1e-7)


def test_points_outside_china_are_not_shifted() -> None:
    assert from_wgs84((2.35, 48.85), "GCJ02") == (2.35, 48.85)


def test_a_degree_of_latitude() -> None:
    assert distance_m((118.0, 36.0), (118.0, 37.0)) == pytest.approx(111_195, rel=1e-4)
