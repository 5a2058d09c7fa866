"""Departments of neighbouring districts that take cases across the border, with their people: all invented.

They answer for nothing of their own: a routing rule sends them cases, from point to point.
"""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from city_core.people.roles import Role
from city_seed.names import invented_name, invented_phone

FILE = "neighbour_departments.csv"
OFFICERS_EACH = 3
_SERIES, _NAMES_FROM = 9, 390
Row = dict[str, Any]


def read_neighbours(folder: Path) -> tuple[list[Row], list[str]]:
    """Read the departments of other districts; answers the good rows, and what is wrong with the others."""
    rows: list[Row] = []
    problems: list[str] = []
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        for cells in reader:
            reason = _problem(cells)
            if reason is None:
                rows.append({
                    "_id": cells["id"], "name_zh": cells["name_zh"], "name_en": cells["name_en"],
                    "answers_for": [], "district_code": cells["district_code"],
                })  # fmt: skip
            else:
                problems.append(f"{FILE}, row {reader.line_num}: {reason}")
    return rows, problems


def _problem(cells: dict[str, str]) -> str | None:
    columns = ("id", "name_zh", "name_en", "district_code")
    empty = [name for name in columns if not (cells.get(name) or "").strip()]
    if empty:
        return f"{', '.join(empty)} must not be empty"
    code = cells["district_code"]
    return None if len(code) == 6 and code.isdecimal() else f"the district code {code!r} is not six digits"


def build_neighbours(departments: list[Row], *, created_at: datetime) -> list[Row]:
    """Give every department of another district its officers, without passwords."""
    people: list[Row] = []
    for department in departments:
        for number in range(1, OFFICERS_EACH + 1):
            turn = len(people) + 1
            people.append({
                "_id": f"officer-{department['_id']}-{number:02d}",
                "phone": invented_phone(_SERIES, turn), "name": invented_name(_NAMES_FROM + turn),
                "role": Role.OFFICER.value, "password_hash": None, "department_id": department["_id"],
                "street_codes": [], "responsibility_grid_ids": [], "on_duty": True, "disabled": False,
                "last_place": None, "last_place_at": None, "last_place_accuracy_m": None,
                "language": "zh", "token_version": 1, "created_at": created_at,
            })  # fmt: skip
    return people
