"""Codes of places and shapes on the ground, as pure rules."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.kit.problems import CityProblem
from city_core.places.codes import ComponentCode, checked_code, component_code, part_of
from city_core.places.geometry import area_m2, centre_of, fault_of_point, fault_of_shape
from city_core.places.registries.given import Given, read_row
from city_core.places.registries.known import Terms
from city_core.places.registries.stored import same_shape
from city_core.places.registries.tables import COMPONENTS
from tests.registry_town import square


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii),
    st.integers(0, 99), st.integers(0, 999), st.booleans(), st.integers(1, 999_999),
)  # fmt: skip
def test_codes_of_components_are_taken_apart_and_put_together(
    district: str, major: int, minor: int, new: bool, serial: int
) -> None:
    minor_text = f"{minor:03d}" if new else f"{minor % 100:02d}"
    code = f"{district}{major:02d}{minor_text}{serial:06d}"
    found = component_code(code, district=district)
    assert found == ComponentCode(district, f"{major:02d}", minor_text, serial) and str(found) == code
    assert found.standard == ("2026" if new else "2013")


@pytest.mark.parametrize("code", ["", "37030301020000", "370303010200000１", "370303 010200001", "3" * 18])
def test_other_codes_are_none_of_components(code: str) -> None:
    with pytest.raises(CityProblem) as refused:
        component_code(code)
    assert refused.value.code == "COMPONENT_CODE_INVALID"


@pytest.mark.parametrize(
    ("kind", "code", "within", "fits"),
    [
        ("district", "370303", None, True), ("street", "370303001", "370303", True),
        ("street", "370304001", "370303", False), ("community", "3703030010", None, False),
        ("unit_grid", "370303001001001", "370303001001", True), ("unit_grid", "37030300100100a", None, False),
        ("unit_grid", "37030300100100１", None, False),
    ],
)  # fmt: skip
def test_codes_of_divisions_and_grids(kind: str, code: str, within: str | None, fits: bool) -> None:
    if fits:
        assert checked_code(kind, code, within=within) == code
        assert part_of(code, "district") == "370303"
        return
    with pytest.raises(CityProblem) as refused:
        checked_code(kind, code, within=within)
    assert refused.value.code == "PLACE_CODE_INVALID"


@pytest.mark.parametrize(
    ("lng", "lat", "word"),
    [
        (118.0, 36.8, None), (36.8, 118.0, "order"), (500_000.0, 4_000_000.0, "projected"),
        (2.3, 48.9, "outside"), (math.inf, 1.0, "finite"),
    ],
)  # fmt: skip
def test_points_of_this_country(lng: float, lat: float, word: str | None) -> None:
    found = fault_of_point(lng, lat)
    assert found is None if word is None else word in str(found)


def test_a_shape_may_have_heights_and_so_many_corners() -> None:
    assert fault_of_shape({"type": "Point", "coordinates": [118.0, 36.8, 25.0]}) is None
    many = {"type": "LineString", "coordinates": [[118.0, 36.8]] * 10_001}
    assert "corners" in str(fault_of_shape(many))
    assert "expected" in str(fault_of_shape({"type": "Point", "coordinates": [118.0, 36.8]}, ("Polygon",)))
    for broken in (None, [], {"type": "Point"}, {"type": "Point", "coordinates": [True, 1]}):
        assert fault_of_shape(broken) is not None


_ODD = st.recursive(
    st.sampled_from([118.05, 36.8, 118, True, None, "x", 10**400, math.nan]),
    lambda inner: st.lists(inner, max_size=5),
)


@given(st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon"]), _ODD)
def test_no_shape_however_odd_breaks_off_an_import(kind: str, coordinates: Any) -> None:
    cells = {"ObjID": "3703030102000001"}
    row = read_row(COMPONENTS, Given(1, cells, {"type": kind, "coordinates": coordinates}), Terms("GCJ02"))
    if not row.faults:
        assert centre_of(row.geometry or {})


def test_area_and_middle_of_a_square() -> None:
    assert area_m2(square(0, 0)) == pytest.approx(
        0.01**2 * 111_195**2 * math.cos(math.radians(36.805)), rel=1e-3
    )
    assert centre_of(square(0, 0)) == pytest.approx((118.055, 36.805))


def test_the_same_border_begun_elsewhere_and_turned_round_is_the_same() -> None:
    ring = square(0, 0)["coordinates"][0]
    other = [*ring[2:], ring[1], ring[2]]
    rounded = [[lng + 3e-8, lat - 3e-8] for lng, lat in reversed(other)]
    assert same_shape(square(0, 0), {"type": "Polygon", "coordinates": [rounded]})
    assert not same_shape(square(0, 0), square(0, 0, 0.010001))
    assert not same_shape(square(0, 0), None)
