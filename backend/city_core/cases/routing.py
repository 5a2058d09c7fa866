"""Who gets a case: the department by type and street, the person by street, load and distance.

Pure rules: stored rows in, a choice with its reason out. The reason goes on record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.cases.nearest_officers_rules import OfficerWeights
from city_core.cases.reasons import Why, reason
from city_core.cases.whereabouts import way_to

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """Who was chosen and why (`reasons.py`); `id` is None when nobody fits."""

    id: str | None
    reason: dict[str, Any]


@dataclass(frozen=True)
class Answers:
    """A department that answers for a type in a street, by which line."""

    department_id: str
    type_prefix: str
    own_street: bool


def departments_answering(type_code: str, street_code: str, departments: Sequence[Row]) -> list[Answers]:
    """List who answers for a type in a street, the first first: longest type prefix, then own street."""
    fits = [
        Answers(department["_id"], line["type_prefix"], bool(line["street_codes"]))
        for department in departments
        for line in department["answers_for"]
        if type_code.startswith(line["type_prefix"])
        and (not line["street_codes"] or street_code in line["street_codes"])
    ]
    return sorted(fits, key=lambda fit: (-len(fit.type_prefix), not fit.own_street, fit.department_id))


def choose_department(type_code: str, street_code: str, departments: Sequence[Row]) -> Choice:
    """Choose the department that answers for a type in a street: longest type prefix, then own street."""
    fits = departments_answering(type_code, street_code, departments)
    if not fits:
        return Choice(None, reason(Why.NO_DEPARTMENT, type_code=type_code, street_code=street_code))
    best = fits[0]
    why = reason(Why.ANSWERS_FOR, type_prefix=best.type_prefix, own_street=best.own_street)
    return Choice(best.department_id, why)


def choose_person(
    candidates: Sequence[Row],
    point: Sequence[float],
    loads: Mapping[str, int],
    *,
    street_code: str,
    at: datetime,
    weights: OfficerWeights,
    kept_apart: Collection[str] = (),
) -> Choice:
    """Choose the person with the shortest way, own street first, each open task counted as a longer way.

    The way counts as `whereabouts` says: an old fix is not as good as a fresh one.
    """
    fits = [row for row in candidates if row["_id"] not in kept_apart]
    if not fits:
        return Choice(None, reason(Why.NOBODY))
    ways = {row["_id"]: way_to(row, point, at, weights) for row in fits}

    def weight(row: Row) -> tuple[bool, float, str]:
        streets = row.get("street_codes") or [street_code]
        cost = ways[row["_id"]].counted_m + weights.open_task_m * loads.get(row["_id"], 0)
        return street_code not in streets, cost, row["_id"]

    best = min(fits, key=weight)
    known_m = ways[best["_id"]].distance_m
    why = reason(
        Why.NEAREST,
        own_street=not weight(best)[0],
        open_tasks=loads.get(best["_id"], 0),
        distance_m=None if known_m is None else round(known_m),
        candidates=len(fits),
    )
    return Choice(best["_id"], why)
