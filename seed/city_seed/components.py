"""Components 部件 of the demo district: invented, NOT survey data, the same at every run.

Every responsibility grid gets twelve, one of each kind below, spread over its unit grids in turn: 1,752. A
component stands in the south-western quarter of its unit grid, a little farther on with each kind. Its code
is that of the district, the four digits of its type, and a serial of six that counts the grids.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
# Type codes of GB/T 30428.2-2013 with the department of the demo that looks after them.
_KINDS: tuple[tuple[str, str], ...] = (
    ("C0101", "municipal"), ("C0102", "municipal"), ("C0103", "municipal"), ("C0104", "municipal"),
    ("C0105", "municipal"), ("C0107", "municipal"), ("C0137", "municipal"), ("C0212", "municipal"),
    ("C0214", "municipal"), ("C0305", "sanitation"), ("C0402", "greening"), ("C0407", "greening"),
)  # fmt: skip
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def build_components(
    unit_grids: Sequence[Row], responsibility_grids: Sequence[Row], type_names: dict[str, str]
) -> list[Row]:
    """Lay the demo's components out over its grids."""
    units = {row["_id"]: row for row in unit_grids}
    rows: list[Row] = []
    for serial, grid in enumerate(responsibility_grids, start=1):
        codes = grid["grid_codes"]
        for number, (type_code, department_id) in enumerate(_KINDS):
            unit = units[codes[number % len(codes)]]
            rows.append(_component(unit, grid["_id"], type_code, department_id, serial, number, type_names))
    return rows


def _component(
    unit: Row,
    grid_id: str,
    type_code: str,
    department_id: str,
    serial: int,
    number: int,
    type_names: dict[str, str],
) -> Row:
    return {
        "_id": f"{unit['district_code']}{type_code[1:]}{serial:06d}",
        "type_code": type_code,
        "name_zh": type_names[type_code],
        "point": {"type": "Point", "coordinates": _place_in(unit, number)},
        "grid_code": unit["_id"],
        "responsibility_grid_id": grid_id,
        "state": "IN_USE",
        "owner_department_id": department_id,
        "version": 1,
        "updated_at": _MADE_AT,
        "is_invented": True,
    }


def _place_in(unit: Row, number: int) -> list[float]:
    """Choose a point between the centre and the south-western corner of a unit grid."""
    centre = unit["centre"]["coordinates"]
    corner = [min(point[axis] for point in unit["shape"]["coordinates"][0]) for axis in (0, 1)]
    share = (number + 1) / (len(_KINDS) + 4)
    return [round(centre[axis] + (corner[axis] - centre[axis]) * share, 6) for axis in (0, 1)]
