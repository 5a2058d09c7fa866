"""Borders of streets and communities as the base map: their own shapes, or what their unit grids cover."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any, Literal

from shapely import make_valid, set_precision
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from city_core.kit.city import City
from city_core.kit.mongo import Row

BorderLevel = Literal["street", "community"]
MOST_BORDERS = 3_000
_MOST_GRIDS = 50_000
_TOLERANCE = 0.00002  # degrees, about two metres: what cannot be seen on a map is not sent
_GRAIN = 0.000001


async def borders(city: City, level: BorderLevel) -> dict[str, Any]:
    """Give the divisions of a level that have a border or unit grids as GeoJSON features in WGS-84.

    Each has its `code`, names, `level`, and `label`: a point inside at which its name can stand.
    """
    query: Row = {"level": level, "valid_to": None}
    fields = {"name_zh": 1, "name_en": 1, "shape": 1}
    rows = await city.database.divisions.find(query, fields).sort("_id", 1).to_list(MOST_BORDERS)
    without = [row["_id"] for row in rows if not row.get("shape")]
    grids = await _grids_of(city, level, without)
    features = await asyncio.to_thread(_features, rows, grids, level)
    return {"type": "FeatureCollection", "features": features}


async def _grids_of(city: City, level: BorderLevel, codes: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    if not codes:
        return found
    name = f"{level}_code"
    # A community's code begins with its street's: one range of one index holds them all.
    query: Row = {"community_code": {"$gte": codes[0], "$lt": codes[-1] + "~"}, "valid_to": None}
    async for grid in city.database.unit_grids.find(query, {name: 1, "shape": 1}).limit(_MOST_GRIDS):
        found[grid[name]].append(grid["shape"])
    return found


def _features(rows: list[Row], grids: dict[str, list[Row]], level: BorderLevel) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for row in rows:
        parts = [row["shape"]] if row.get("shape") else grids.get(row["_id"], [])
        if parts:
            made.append(_feature(row, _joined(parts), level))
    return made


def _joined(parts: list[Row]) -> BaseGeometry:
    # Grids drawn side by side meet within a grain of each other: without it hairs stay between them.
    grains = [set_precision(make_valid(shape(part)), _GRAIN) for part in parts]
    return unary_union(grains).simplify(_TOLERANCE)


def _feature(row: Row, border: BaseGeometry, level: BorderLevel) -> dict[str, Any]:
    label = border.representative_point()
    return {
        "type": "Feature",
        "id": row["_id"],
        "geometry": mapping(border),
        "properties": {
            "code": row["_id"], "level": level, "name_zh": row["name_zh"], "name_en": row.get("name_en", ""),
            "label": [round(label.x, 6), round(label.y, 6)],
        },
    }  # fmt: skip
