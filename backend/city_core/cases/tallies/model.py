"""Stored shape of the tallies of ended cases."""

from __future__ import annotations

from typing import Any

from beanie import Document
from pymongo import ASCENDING, IndexModel

from city_core.cases.tallies.counted import Kind
from city_core.cases.workflow import FINAL_STATES

TALLIES = "case_tallies"
TALLIED = "tallied_by_state"


_STATES = [f"n.{state}" for state in sorted(FINAL_STATES)]


class CaseTally(Document):
    """How many ended cases of one kind lie in one cell, by their states; `_id` is made of all the rest but
    `n`.

    `span` is the city's month or year of the report (2026-11, 2026); `*` stands for all spans, types and
    departments: a row with it holds what the finer rows hold again. `department_id` is the department that
    answers for the cases.
    """

    id: Any
    level: int
    span: str
    type_code: str | None
    department_id: str | None
    cell: int
    street_code: str | None
    community_code: str | None
    responsibility_grid_id: str | None
    n: dict[str, int]

    class Settings:
        name = TALLIES
        indexes = [
            IndexModel(
                [
                    (name, ASCENDING)
                    for name in (*Kind._fields, *(f"n.{state}" for state in sorted(FINAL_STATES)))
                ],
                name=TALLIED,
            ),
            IndexModel([("responsibility_grid_id", ASCENDING)]),
        ]
