"""Who gets a case: the department by type and street, the person by street, load and distance.

Pure rules: stored rows in, a choice with its reason out. The reason goes on record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city_core.cases.reasons import Why, reason
from city_core.kit.geo import distance_m

Row = Mapping[str, Any]
_LOAD_WORTH_M = 1_500.0  # one open task weighs as much as this way
_UNKNOWN_DISTANCE_M = 5_000.0


@dataclass(frozen=True)
class Choice:
    """Who was chosen and why (`reasons.py`); `id` is None when nobody fits."""

    id: str | None
    reason: dict[str, Any]


def choose_department(type_code: str, street_code: str, departments: Sequence[Row]) -> Choice:
    """Choose the department that answers for a type in a street: longest type prefix, then own street."""
    fits = [
        (len(line["type_prefix"]), bool(line["street_codes"]), department["_id"], line["type_prefix"])
        for department in departments
        for line in department["answers_for"]
        if type_code.startswith(line["type_prefix"])
        and (not line["street_codes"] or street_code in line["street_codes"])
    ]
    if not fits:
        return Choice(None, reason(Why.NO_DEPARTMENT, type_code=type_code, street_code=street_code))
    best = max(fits, key=lambda fit: (fit[0], fit[1], _reversed_order(fit[2])))
    return Choice(best[2], reason(Why.ANSWERS_FOR, type_prefix=best[3], own_street=best[1]))


def choose_person(
    candidates: Sequence[Row],
    point: Sequence[float],
    loads: Mapping[str, int],
    *,
    street_code: str,
    kept_apart: Collection[str] = (),
) -> Choice:
    """Choose the person with the shortest way, own street first, each open task counted as a longer way."""
    fits = [row for row in candidates if row["_id"] not in kept_apart]
    if not fits:
        return Choice(None, reason(Why.NOBODY))

    def weight(row: Row) -> tuple[bool, float, str]:
        streets = row.get("street_codes") or [street_code]
        cost = _way_m(row, point) + _LOAD_WORTH_M * loads.get(row["_id"], 0)
        return street_code not in streets, cost, row["_id"]

    best = min(fits, key=weight)
    why = reason(
        Why.NEAREST,
        own_street=not weight(best)[0],
        open_tasks=loads.get(best["_id"], 0),
        distance_m=round(_way_m(best, point)) if best.get("last_place") else None,
        candidates=len(fits),
    )
    return Choice(best["_id"], why)


def _way_m(row: Row, point: Sequence[float]) -> float:
    place = row.get("last_place")
    if not place:
        return _UNKNOWN_DISTANCE_M
    there = place["coordinates"]
    return distance_m((there[0], there[1]), (point[0], point[1]))


def _reversed_order(text: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in text)
