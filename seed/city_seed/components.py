"""Components 部件 of the demo district: invented, NOT survey data, the same at every run.

Every responsibility grid gets twelve, one of each kind below, spread over its unit grids in turn: 1,752. A
component stands in the south-western quarter of its unit grid, a little farther on with each kind. Its code
is that of the district, the four digits of its type, and a serial of six that counts the grids. Nobody owns
up to every ninth cover of the telecom operators; every twelfth litter bin is damaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from city_core.places.cells import cell_of

Row = dict[str, Any]
# Type codes of GB/T 30428.2-2013 with the departments of the demo that keep them, and that own them.
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("C0101", "municipal", "water-supply"), ("C0102", "municipal", "drainage"),
    ("C0103", "municipal", "drainage"), ("C0104", "municipal", "drainage"),
    ("C0105", "municipal", "power"), ("C0107", "municipal", "telecom"),
    ("C0137", "municipal", "municipal"), ("C0212", "municipal", "municipal"),
    ("C0214", "municipal", "traffic-police"), ("C0305", "sanitation", "sanitation"),
    ("C0402", "greening", "greening"), ("C0407", "greening", "greening"),
)  # fmt: skip
_UNOWNED, _DAMAGED = ("C0107", 9), ("C0305", 12)  # of this kind every so manyth
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def build_components(
    unit_grids: Sequence[Row], responsibility_grids: Sequence[Row], type_names: dict[str, str]
) -> list[Row]:
    """Lay the demo's components out over its grids."""
    units = {row["_id"]: row for row in unit_grids}
    rows: list[Row] = []
    for serial, grid in enumerate(responsibility_grids, start=1):
        codes = grid["grid_codes"]
        for number in range(len(_KINDS)):
            unit = units[codes[number % len(codes)]]
            rows.append(_component(unit, grid["_id"], number, serial, type_names))
    return rows


def _component(unit: Row, grid_id: str, number: int, serial: int, type_names: dict[str, str]) -> Row:
    type_code, keeper_id, owner_id = _KINDS[number]
    lng, lat = _place_in(unit, number)
    is_owned = not _every(_UNOWNED, type_code, serial)
    return {
        "_id": f"{unit['district_code']}{type_code[1:]}{serial:06d}",
        "type_code": type_code,
        "name_zh": type_names[type_code],
        "point": {"type": "Point", "coordinates": [lng, lat]},
        "given": {
            "lng": lng, "lat": lat, "datum": "WGS84", "accuracy_m": None, "source": "IMPORT",
        },
        "cell": cell_of(lng, lat),
        "grid_code": unit["_id"],
        "responsibility_grid_id": grid_id,
        "community_code": unit["community_code"],
        "street_code": unit["street_code"],
        "state": "DAMAGED" if _every(_DAMAGED, type_code, serial) else "IN_USE",
        "authority_department_id": keeper_id,
        "owner_department_id": owner_id if is_owned else None,
        "owner_is_known": is_owned,
        "owner_unknown_since": None if is_owned else _MADE_AT,
        "keeper_department_id": keeper_id,
        "data_source": "OTHER",
        "version": 1,
        "updated_at": _MADE_AT,
        "is_invented": True,
        "history": [],
    }  # fmt: skip


def _every(which: tuple[str, int], type_code: str, serial: int) -> bool:
    chosen, each = which
    return type_code == chosen and serial % each == 0


def _place_in(unit: Row, number: int) -> list[float]:
    """Choose a point between the centre and the south-western corner of a unit grid."""
    centre = unit["centre"]["coordinates"]
    corner = [min(point[axis] for point in unit["shape"]["coordinates"][0]) for axis in (0, 1)]
    share = (number + 1) / (len(_KINDS) + 4)
    return [round(centre[axis] + (corner[axis] - centre[axis]) * share, 6) for axis in (0, 1)]
