"""Stored shape of the tallies of components: how many stand in a cell of about a kilometre, by state."""

from __future__ import annotations

from typing import Any

from beanie import Document
from pymongo import ASCENDING, IndexModel

from city_core.places.components.model import ComponentState

COMPONENT_TALLIES = "component_tallies"
TALLIED_COMPONENTS = "tallied_components"
TALLY_LEVEL = 15
DEPARTMENTS = ("keeper_department_id", "owner_department_id", "authority_department_id")


class ComponentTally(Document):
    """How many components of one street in one cell; `by` tells whether departments are told apart.

    Rows by street and rows by department count the same components. All rows of a cell are written anew
    together, from the components themselves.
    """

    id: Any
    by: str
    cell: int
    street_code: str | None = None
    keeper_department_id: str | None = None
    owner_department_id: str | None = None
    authority_department_id: str | None = None
    n: dict[str, int]

    class Settings:
        name = COMPONENT_TALLIES
        indexes = [
            IndexModel(
                [
                    (name, ASCENDING)
                    for name in (
                        "by", "cell", "street_code", *DEPARTMENTS, *(f"n.{state}" for state in ComponentState)
                    )
                ],
                name=TALLIED_COMPONENTS,
            ),
            IndexModel([("cell", ASCENDING)]),
        ]  # fmt: skip
