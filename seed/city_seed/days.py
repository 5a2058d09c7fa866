"""Days on which the city works differently from what the weekday says: holidays and make-up working days."""

from __future__ import annotations

from datetime import date
from typing import Any

_SATURDAY = 5


def day_problem(cells: dict[str, str]) -> str | None:
    """Say what is wrong with a row of the calendar, if anything."""
    try:
        day = date.fromisoformat(cells["day"])
    except ValueError:
        return f"the day {cells['day']!r} is not a date such as 2026-10-01"
    if cells["works"] not in ("yes", "no"):
        return f"works must be yes or no, not {cells['works']!r}"
    if (cells["works"] == "yes") == (day.weekday() < _SATURDAY):
        return f"{cells['day']} is no exception: its weekday says the same"
    return None if cells["name_zh"].strip() else "name_zh must not be empty"


def read_day(cells: dict[str, str]) -> dict[str, Any]:
    """See a row of the calendar as it is stored."""
    return {"_id": cells["day"], "works": cells["works"] == "yes", "name_zh": cells["name_zh"]}
