"""Tiles of the map: a picture as a vector tile (MVT 2.1), with a layer for each subject and for clusters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import mapbox_vector_tile
from shapely.geometry import Point

from city_core.kit.problems import CityProblem
from city_core.map.picture import MOST_ZOOM, MapPicture, Subject, checked_zoom
from city_core.places.cells import Box, box_of

EXTENT = 4096
CLUSTERS = "clusters"
_LAYER_OF = {Subject.CASES: "cases", Subject.COMPONENTS: "components", Subject.POINTS: "points"}
_HAIR = 1e-9  # degrees: what lies on the east or the south edge is the next tile's


def checked_tile(zoom: int, column: int, row: int) -> Box:
    """Accept a tile of the web map's grid and give the part of the map that it shows."""
    checked_zoom(zoom)
    most = (1 << zoom) - 1
    for name, value in (("x", column), ("y", row)):
        if not 0 <= value <= most:
            raise CityProblem("PLACE_INVALID", field=name, allowed=f"0 to {most} at zoom {zoom}")
    box = box_of(zoom, column, row)
    return Box(box.west, box.south + _HAIR, box.east - _HAIR, box.north)


def as_tile(picture: MapPicture, zoom: int, column: int, row: int) -> bytes:
    """Write a picture as a vector tile of 4,096 units a side; nothing at all where it shows nothing.

    Marks are points with their facts as properties: instants in seconds since 1970, what is not known left
    out. Clusters have `subject`, `count`, `cell` and `level`, and `layer` where they are of one.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for feature in picture.features:
        properties = {"id": feature.id, **plain_facts(feature.facts)}
        mark = _mark(feature.lng, feature.lat, (zoom, column, row), properties)
        found.setdefault(_LAYER_OF[feature.subject], []).append(mark)
    for cluster in picture.clusters:
        properties = {
            "subject": cluster.subject.value, "count": cluster.count, "cell": str(cluster.cell),
            "level": cluster.level, **({"layer": cluster.layer} if cluster.layer else {}),
        }  # fmt: skip
        mark = _mark(cluster.lng, cluster.lat, (zoom, column, row), properties)
        found.setdefault(CLUSTERS, []).append(mark)
    if not found:
        return b""
    layers = [{"name": name, "features": features} for name, features in sorted(found.items())]
    options = {"extents": EXTENT, "y_coord_down": True}
    return bytes(mapbox_vector_tile.encode(layers, default_options=options))


def plain_facts(facts: dict[str, Any]) -> dict[str, str | int | float | bool]:
    """Write facts of a mark as plain values; a list becomes a text with commas."""
    told: dict[str, str | int | float | bool] = {}
    for name, value in facts.items():
        if isinstance(value, datetime):
            told[name] = int(value.timestamp())
        elif isinstance(value, Sequence) and not isinstance(value, str):
            told[name] = ",".join(str(one) for one in value)
        elif isinstance(value, bool | int | float | str):
            told[name] = value
    return told


def _mark(lng: float, lat: float, tile: tuple[int, int, int], properties: dict[str, Any]) -> dict[str, Any]:
    zoom, column, row = tile
    size = 1 << min(zoom, MOST_ZOOM)
    across = (lng + 180.0) / 360.0 * size - column
    down = (1.0 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2.0 * size - row
    return {"geometry": Point(round(across * EXTENT), round(down * EXTENT)), "properties": properties}
