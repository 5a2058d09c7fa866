"""What is around a sign: the nearest points of every layer that citizens look for."""

from __future__ import annotations

import asyncio

from city_core.kit.city import City
from city_core.kit.geo import LngLat
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.places.layers import LAYERS_BOOK, Layer
from city_core.places.points.model import POINTS, PointState
from city_core.places.points.opening import hours_of_day, is_open

WITHIN_M = 3_000
EACH = 2
_FIELDS = {
    "layer": 1, "name_zh": 1, "name_en": 1, "address": 1, "point": 1, "state": 1, "opening_hours": 1,
    "phone": 1, "distance_m": 1,
}  # fmt: skip


async def points_around(city: City, at: LngLat, *, but: str | None = None) -> list[Row]:
    """List the two nearest points of each convenience layer within three kilometres, the nearest first.

    `but` is left out: the point that one stands at. Each row has its distance, and whether it is open now.
    """
    layers = [layer for layer in (await open_rules(city, LAYERS_BOOK)).rules.values() if _is_shown(layer)]
    found = await asyncio.gather(*(_nearest(city, layer, at, but) for layer in layers))
    now = city.clock.now()
    rows = [
        {**row, "layer_row": layer, "is_open": is_open(row, now), "hours_today": hours_of_day(row, now)}
        for layer, nearest in zip(layers, found, strict=True)
        for row in nearest
    ]
    return sorted(rows, key=lambda row: (row["distance_m"], row["_id"]))


def _is_shown(layer: Layer) -> bool:
    return layer.is_convenience and layer.audience == "EVERYBODY"


async def _nearest(city: City, layer: Layer, at: LngLat, but: str | None) -> list[Row]:
    query: Row = {"layer": layer.layer, "state": {"$ne": PointState.REMOVED.value}}
    if but is not None:
        query["_id"] = {"$ne": but}
    near = {
        "near": {"type": "Point", "coordinates": list(at)}, "key": "point", "distanceField": "distance_m",
        "maxDistance": WITHIN_M, "query": query, "spherical": True,
    }  # fmt: skip
    rows = city.database[POINTS].aggregate([{"$geoNear": near}, {"$limit": EACH}, {"$project": _FIELDS}])
    found: list[Row] = await rows.to_list(EACH)
    return found
