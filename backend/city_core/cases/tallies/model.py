"""Stored shape of the tallies of ended cases."""

from __future__ import annotations

from typing import Any

from beanie import Document
from pymongo import ASCENDING, IndexModel

TALLIES = "case_tallies"
TALLIED = "tallied"


class CaseTally(Document):
    """How many ended cases of one kind lie in one cell; `_id` is made of all the rest but `n`.

    `span` is the city's month or year of the report (2026-11, 2026), `department_id` one of the departments
    that worked on them; `*` stands for all. A row with `*` holds what the finer rows hold again.
    """

    id: Any
    level: int
    span: str
    type_code: str | None
    department_id: str
    cell: int
    state: str
    street_code: str | None
    community_code: str | None
    responsibility_grid_id: str | None
    n: int

    class Settings:
        name = TALLIES
        indexes = [
            IndexModel(
                [
                    ("level", ASCENDING),
                    ("span", ASCENDING),
                    ("type_code", ASCENDING),
                    ("department_id", ASCENDING),
                    ("cell", ASCENDING),
                    ("state", ASCENDING),
                    ("street_code", ASCENDING),
                    ("community_code", ASCENDING),
                    ("responsibility_grid_id", ASCENDING),
                    ("n", ASCENDING),
                ],
                name=TALLIED,
            ),
            IndexModel([("responsibility_grid_id", ASCENDING)]),
        ]
