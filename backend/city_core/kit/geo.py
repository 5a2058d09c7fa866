"""Points on the ground: the three Chinese datums, and distances.

GCJ-02 and BD-09 are the offset datums that Chinese maps and phones use; the formulae are the publicly
known ones, the inverse is found by iteration, to less than 1e-7 degree. Outside the box that the formulae
know China by, both equal WGS-84; within half a kilometre of its edge the way back may not be found.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

Datum = Literal["WGS84", "GCJ02", "BD09", "CGCS2000"]
LngLat = tuple[float, float]

_AXIS_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943_23
EARTH_RADIUS_M = 6_371_008.8
_BAIDU_TURN = math.pi * 3000.0 / 180.0


def to_wgs84(point: LngLat, datum: Datum) -> LngLat:
    """Give the WGS-84 position of a point that was measured in another datum (degrees, lng then lat)."""
    if datum == "GCJ02":
        return _invert(_wgs84_to_gcj02, point)
    if datum == "BD09":
        found = _invert(_wgs84_to_gcj02, _bd09_to_gcj02(point))
        return point if _outside_china(*found) else found
    return point  # CGCS2000 and WGS-84 agree within centimetres


def from_wgs84(point: LngLat, datum: Datum) -> LngLat:
    """Give the position of a WGS-84 point in the datum that was asked for."""
    if datum == "GCJ02":
        return _wgs84_to_gcj02(point)
    if datum == "BD09" and not _outside_china(*point):
        return _gcj02_to_bd09(_wgs84_to_gcj02(point))
    return point


def distance_m(a: LngLat, b: LngLat) -> float:
    """Measure the way between two WGS-84 points over the ground, metres."""
    lng_a, lat_a, lng_b, lat_b = map(math.radians, (*a, *b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lng_b - lng_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


def _outside_china(lng: float, lat: float) -> bool:
    return not (72.004 <= lng <= 137.8347 and 0.8293 <= lat <= 55.8271)


def _waves(value: float) -> float:
    return (20.0 * math.sin(6.0 * value * math.pi) + 20.0 * math.sin(2.0 * value * math.pi)) * 2.0 / 3.0


def _shift_lat(x: float, y: float) -> float:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + _waves(x)
    shift += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    shift += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    return shift


def _shift_lng(x: float, y: float) -> float:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + _waves(x)
    shift += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    shift += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    return shift


def _wgs84_to_gcj02(point: LngLat) -> LngLat:
    lng, lat = point
    if _outside_china(lng, lat):
        return point
    shift_lat, shift_lng = _shift_lat(lng - 105.0, lat - 35.0), _shift_lng(lng - 105.0, lat - 35.0)
    lat_radians = math.radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * math.sin(lat_radians) ** 2
    root = math.sqrt(magic)
    meridian = (_AXIS_M * (1 - _ECCENTRICITY_SQUARED)) / (magic * root) * math.pi
    parallel = _AXIS_M / root * math.cos(lat_radians) * math.pi
    return lng + shift_lng * 180.0 / parallel, lat + shift_lat * 180.0 / meridian


def _gcj02_to_bd09(point: LngLat) -> LngLat:
    lng, lat = point
    radius = math.hypot(lng, lat) + 0.00002 * math.sin(lat * _BAIDU_TURN)
    angle = math.atan2(lat, lng) + 0.000003 * math.cos(lng * _BAIDU_TURN)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _bd09_to_gcj02(point: LngLat) -> LngLat:
    return _invert(_gcj02_to_bd09, point)


def _invert(forward: Callable[[LngLat], LngLat], target: LngLat) -> LngLat:
    guess = target
    for _ in range(30):
        seen = forward(guess)
        error = seen[0] - target[0], seen[1] - target[1]
        guess = guess[0] - error[0], guess[1] - error[1]
        if abs(error[0]) < 1e-9 and abs(error[1]) < 1e-9:
            break
    return guess
