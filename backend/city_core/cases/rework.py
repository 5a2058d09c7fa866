"""A case comes back to the officer who handled it (返工)."""

from __future__ import annotations

from city_core.cases.assign import task_row
from city_core.kit.city import City
from city_core.kit.mongo import Row


def rework_changes(city: City, case: Row) -> Row:
    """Give the fields of a case that has to be handled again by the same officer."""
    return {
        "task": task_row(city, case, "HANDLE", case["handler_id"], case["department_id"]),
        "rework_count": case["rework_count"] + 1,
        "handled_at": None,
    }
