"""Grid elements 网格要素 of the demo district: invented, the same at every run, and no person among them.

Every responsibility grid gets three, in its first unit grids: the party branch of the grid, a shop and a
vacant plot of land: 438.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from city_core.places.cells import cell_of

Row = dict[str, Any]
_KINDS = (
    ("ORGANISATION", "branch", "党组织", "网格党支部（演示）"),
    ("ORGANISATION", "shop", "小商铺", "便民商店（演示）"),
    ("LAND", "plot", "闲置地块", "闲置地块（演示）"),
)
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def build_elements(unit_grids: Sequence[Row], responsibility_grids: Sequence[Row]) -> list[Row]:
    """Give every responsibility grid its elements."""
    units = {row["_id"]: row for row in unit_grids}
    return [
        _element(units[grid["grid_codes"][number % len(grid["grid_codes"])]], grid, number)
        for grid in responsibility_grids
        for number in range(len(_KINDS))
    ]


def _element(unit: Row, grid: Row, number: int) -> Row:
    kind, name, category, words = _KINDS[number]
    lng, lat = unit["centre"]["coordinates"]
    code = f"demo-{name}-{grid['_id']}"
    return {
        "_id": f"{kind}:{code}",
        "kind": kind,
        "code": code,
        "name_zh": f"{grid['name_zh']}{words}",
        "grid_code": unit["_id"],
        "responsibility_grid_id": grid["_id"],
        "street_code": unit["street_code"],
        "community_code": unit["community_code"],
        "point": {"type": "Point", "coordinates": [lng, lat]},
        "cell": cell_of(lng, lat),
        "category": category,
        "note": "",
        "state": "IN_USE",
        "version": 1,
        "updated_at": _MADE_AT,
        "is_invented": True,
    }
