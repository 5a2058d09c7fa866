"""Shapes on the ground as GeoJSON: what is wrong with one, in words, before it may be kept.

Pure rules. Rings may come in either direction, as MongoDB takes the smaller area; numbers are longitude,
then latitude.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape as shapely_shape
from shapely.validation import explain_validity

from city_core.kit.geo import EARTH_RADIUS_M

Geometry = dict[str, Any]
MOST_CORNERS = 10_000
MOST_GRID_CORNERS = 1_000  # grids are laid over each other, which costs the product of their corners
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0  # China, roughly
_DEPTHS = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiPolygon": 3}
_KINDS = tuple(_DEPTHS)


def fault_of_shape(geometry: Any, kinds: Collection[str] = _KINDS, *, most: int = MOST_CORNERS) -> str | None:
    """Say what keeps a shape from being kept, or None; `kinds` are those that are allowed."""
    if not isinstance(geometry, dict) or geometry.get("type") not in kinds:
        return f"a GeoJSON {' or '.join(kinds)} is expected"
    try:
        points = list(points_of(geometry["coordinates"]))
        nested = _is_nested(geometry["coordinates"], _DEPTHS[geometry["type"]])
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError):
        nested, points = False, []
    if not nested:
        return "coordinates must be pairs of numbers, nested as GeoJSON asks for"
    if geometry["type"] == "LineString" and len(points) < 2:
        return "coordinates must be pairs of numbers, two or more for a line"
    if not points or len(points) > most:
        return f"1 to {most:,} corners are allowed, not {len(points):,}"
    return next((fault for point in points if (fault := fault_of_point(*point))), None) or _fault_of_rings(
        geometry
    )


def fault_of_point(lng: float, lat: float) -> str | None:
    """Say what is wrong with a point of this country in degrees, or None."""
    if not (math.isfinite(lng) and math.isfinite(lat)):
        return "coordinates must be finite numbers"
    if _WEST <= lng <= _EAST and _SOUTH <= lat <= _NORTH:
        return None
    if _WEST <= lat <= _EAST and _SOUTH <= lng <= _NORTH:
        return "longitude and latitude are in the wrong order: longitude comes first"
    if abs(lng) > 180 or abs(lat) > 90:
        return "these are no degrees: projected coordinates need the name of their coordinate system"
    return "this lies outside the country"


def points_of(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Give every corner of nested GeoJSON coordinates; TypeError or ValueError where they are none."""
    if isinstance(coordinates, str | bool):
        raise TypeError
    first = coordinates[0] if len(coordinates) else []
    if isinstance(first, int | float):
        lng, lat = coordinates[0], coordinates[1]
        if isinstance(lng, bool) or isinstance(lat, bool):
            raise TypeError
        yield float(lng), float(lat)
        return
    for inner in coordinates:
        yield from points_of(inner)


def _is_nested(coordinates: Any, depth: int) -> bool:
    if not isinstance(coordinates, list | tuple) or not coordinates:
        return False
    if depth == 0:
        return 2 <= len(coordinates) <= 4 and not any(isinstance(part, list | tuple) for part in coordinates)
    return all(_is_nested(inner, depth - 1) for inner in coordinates)


def area_m2(geometry: Geometry) -> float:
    """Measure the area of a polygon on the ground, square metres; good for areas of a city."""
    middle = math.radians(centre_of(geometry)[1])
    metres = math.radians(1.0) * EARTH_RADIUS_M
    return float(shapely_shape(geometry).area * metres * metres * math.cos(middle))


def centre_of(geometry: Geometry) -> tuple[float, float]:
    """Give a point inside a shape, as near to its middle as it can be."""
    made = shapely_shape(geometry)
    middle = made.centroid if made.covers(made.centroid) else made.representative_point()
    return float(middle.x), float(middle.y)


def _fault_of_rings(geometry: Geometry) -> str | None:
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        return None
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            if len(ring) < 4 or list(ring[0]) != list(ring[-1]):
                return "a border needs at least four corners, the first one again as the last"
    try:
        reason = explain_validity(shapely_shape(geometry))
    except (ShapelyError, ValueError, TypeError):
        return "the border cannot be read"
    return None if reason == "Valid Geometry" else f"the border crosses or touches itself: {reason}"
