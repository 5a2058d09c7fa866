"""Points 点位 of the demo district: invented, NOT survey data, the same at every run.

How many of each layer, and when they are open, is in the reference table `point_kinds.csv`. The points of a
layer lie at even steps along the unit grids in the order of their codes, inner grids counting more than outer
ones, so that every street gets its share; where in its grid one stands, and what it has, is drawn from the
hash of its name. A tenth of the restaurants close after midnight.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from city_core.places.cells import cell_of

FILE = "point_kinds.csv"
CAMERAS, RESTAURANTS = "camera", "restaurant"
_COLUMNS = ("layer", "count", "title_zh", "title_en", "always_percent")
_WEIGHTS = {"A": 6, "B": 2, "C": 1}
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DAYS = re.compile(r"([1-7])-([1-7])")
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


@dataclass(frozen=True)
class PointKind:
    """How many points a layer has, their names, when they are open, and a number that they carry."""

    layer: str
    count: int
    title_zh: str
    title_en: str
    hours: tuple[Row, ...]
    always_percent: int
    attribute: str
    least: int
    most: int


def read_point_kinds(folder: Path) -> tuple[list[PointKind], list[str]]:
    """Read the table of kinds; answers the good rows, and what is wrong with the others."""
    kinds: list[PointKind] = []
    problems: list[str] = []
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        for cells in reader:
            reason = _problem(cells)
            if reason is None:
                kinds.append(_kind(cells))
            else:
                problems.append(f"{FILE}, row {reader.line_num}: {reason}")
    return kinds, problems


def build_points(kinds: Sequence[PointKind], divisions: Sequence[Row], units: Sequence[Row]) -> list[Row]:
    """Lay the demo's points out over its unit grids."""
    names = {row["_id"]: row["name_zh"] for row in divisions}
    ordered = sorted(units, key=lambda row: str(row["_id"]))
    weights = list(itertools.accumulate(_WEIGHTS[row["area_class"]] for row in ordered))
    in_street: Counter[tuple[str, str]] = Counter()
    rows: list[Row] = []
    for kind in kinds:
        for serial in range(1, kind.count + 1):
            unit = ordered[_step(kind, serial, weights)]
            in_street[kind.layer, unit["street_code"]] += 1
            number = in_street[kind.layer, unit["street_code"]]
            rows.append(_point(kind, serial, unit, names, number))
    return rows


def _step(kind: PointKind, serial: int, weights: Sequence[int]) -> int:
    """Choose the grid of a point: at even steps along all of them, each layer beginning somewhere else."""
    part = (serial - 1 + _drawn(kind.layer, "first")) / kind.count
    return bisect_left(weights, part * weights[-1])


def _point(kind: PointKind, serial: int, unit: Row, names: dict[str, str], number: int) -> Row:
    code = f"{serial:04d}"
    key = f"{kind.layer}:{code}"
    lng, lat = _place_in(unit, key)
    street, community = names[unit["street_code"]], names[unit["community_code"]]
    is_camera = kind.layer == CAMERAS
    return {
        "_id": key,
        "layer": kind.layer,
        "code": code,
        "name_zh": f"{street}{kind.title_zh}{number}号",
        "name_en": f"{kind.title_en} {unit['street_code'][6:]}-{number}",
        "point": {"type": "Point", "coordinates": [lng, lat]},
        "shape": None,
        "given": None,
        "cell": cell_of(lng, lat),
        "grid_code": unit["_id"],
        "responsibility_grid_id": unit["responsibility_grid_id"],
        "community_code": unit["community_code"],
        "street_code": unit["street_code"],
        "address": f"{street}{community}演示路{number}号",
        "state": "CLOSED" if not is_camera and _drawn(key, "state") < 0.03 else "IN_USE",
        "opening_hours": _hours(kind, key),
        "phone": "",
        "stream_address": f"rtsp://cameras.example.org/zhangdian/{code}" if is_camera else "",
        "attributes": _attributes(kind, key),
        "version": 1,
        "updated_at": _MADE_AT,
        "is_invented": True,
        "history": [],
    }


def _place_in(unit: Row, key: str) -> tuple[float, float]:
    ring = unit["shape"]["coordinates"][0]
    lows = [min(point[axis] for point in ring) for axis in (0, 1)]
    highs = [max(point[axis] for point in ring) for axis in (0, 1)]
    shares = [0.1 + 0.8 * _drawn(key, axis) for axis in ("lng", "lat")]
    lng, lat = (low + (high - low) * share for low, high, share in zip(lows, highs, shares, strict=True))
    return round(lng, 6), round(lat, 6)


def _hours(kind: PointKind, key: str) -> list[Row]:
    if 100 * _drawn(key, "hours") < kind.always_percent:
        return []
    if kind.layer == RESTAURANTS and _drawn(key, "late") < 0.1:
        return [{**hours, "opens_at": "17:00", "closes_at": "02:00"} for hours in kind.hours]
    return [dict(hours) for hours in kind.hours]


def _attributes(kind: PointKind, key: str) -> dict[str, str]:
    if not kind.attribute:
        return {}
    span = kind.most - kind.least + 1
    return {kind.attribute: str(kind.least + int(_drawn(key, kind.attribute) * span))}


def _drawn(*names: str) -> float:
    """Draw a number from 0 to below 1, always the same one for the same names."""
    digest = hashlib.sha256(":".join(names).encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)


def _kind(cells: dict[str, str]) -> PointKind:
    hours: list[Row] = []
    if cells["days"]:
        first, last = (int(day) for day in cells["days"].split("-"))
        days = list(range(first, last + 1))
        hours = [{"days": days, "opens_at": cells["opens_at"], "closes_at": cells["closes_at"]}]
    return PointKind(
        cells["layer"], int(cells["count"]), cells["title_zh"], cells["title_en"], tuple(hours),
        int(cells["always_percent"]), cells["attribute"], int(cells["least"] or 0), int(cells["most"] or 0),
    )  # fmt: skip


def _problem(cells: dict[str, str]) -> str | None:
    empty = [name for name in _COLUMNS if not (cells.get(name) or "").strip()]
    if empty:
        return f"{', '.join(empty)} must not be empty"
    if not cells["count"].isdecimal() or not 1 <= int(cells["count"]) <= 9_999:
        return f"the count {cells['count']!r} is not from 1 to 9999"
    if not cells["always_percent"].isdecimal() or int(cells["always_percent"]) > 100:
        return f"{cells['always_percent']!r} is no percentage"
    if cells["attribute"] and not (cells["least"].isdecimal() and cells["most"].isdecimal()):
        return "least and most must be whole numbers"
    return _problem_of_hours(cells)


def _problem_of_hours(cells: dict[str, str]) -> str | None:
    if not cells["days"]:
        return None if cells["always_percent"] == "100" else "days are missing: not all are always open"
    days = _DAYS.fullmatch(cells["days"])
    if days is None or days[1] > days[2]:
        return f"{cells['days']!r} are no days such as 1-7"
    wrong = [cells[name] for name in ("opens_at", "closes_at") if not _HOUR.fullmatch(cells[name])]
    return f"{wrong[0]!r} is no time such as 08:30" if wrong else None
