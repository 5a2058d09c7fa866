"""Points as they are given, kept and shown."""

from __future__ import annotations

import pytest

from city_core.kit.geo import from_wgs84
from city_core.places.borders import shape_of_ring
from city_core.places.cells import cell_of
from city_core.places.given import GivenPoint, as_stored, position_in

HERE = (118.055, 36.805)


def test_what_is_kept_of_a_point() -> None:
    lng, lat = from_wgs84(HERE, "GCJ02")
    kept = as_stored(GivenPoint(lng, lat, "GCJ02", 5.0, "MAP_PICK"))
    assert kept["given"] == {
        "lng": lng, "lat": lat, "datum": "GCJ02", "accuracy_m": 5.0, "source": "MAP_PICK",
    }  # fmt: skip
    assert kept["point"]["coordinates"] == pytest.approx(HERE, abs=1e-8)
    assert kept["cell"] == cell_of(*kept["point"]["coordinates"])


def test_a_point_is_shown_digit_for_digit_in_its_own_datum() -> None:
    kept = as_stored(GivenPoint(118.0612345678, 36.8067891234, "GCJ02"))
    shown = position_in("GCJ02", kept["point"], kept["given"])
    assert shown == {"lng": 118.0612345678, "lat": 36.8067891234, "datum": "GCJ02"}
    other = position_in("BD09", kept["point"], kept["given"])
    assert (other["lng"], other["lat"]) == from_wgs84(tuple(kept["point"]["coordinates"]), "BD09")
    assert position_in("CGCS2000", kept["point"])["lng"] == kept["point"]["coordinates"][0]


def test_a_ring_is_closed_and_moved_to_wgs84() -> None:
    corners = [(118.05, 36.80), (118.06, 36.80), (118.06, 36.81)]
    given = [degrees for corner in corners for degrees in from_wgs84(corner, "BD09")]
    [ring] = shape_of_ring(given, "BD09")["coordinates"]
    assert len(ring) == 4 and ring[0] == ring[-1]
    assert [degrees for point in ring[:3] for degrees in point] == pytest.approx(
        [degrees for corner in corners for degrees in corner], abs=1e-8
    )
