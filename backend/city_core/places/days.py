"""On which days a place is valid: days are the city's own (Beijing), as `2026-03-02`.

A place is valid from its first day on, and no more on its last.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from city_core.kit.calendar import BEIJING
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

FOR_GOOD = "9999-12-31"  # a day after all others: what is valid on it has no last day
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def city_day(at: datetime) -> str:
    """Name the day that it is in the city at an instant."""
    return at.astimezone(BEIJING).date().isoformat()


def valid_on(day: str) -> Row:
    """Give the filter of the places that are valid on a day; rows of earlier releases name none."""
    return {"valid_from": {"$not": {"$gt": day}}, "$or": [{"valid_to": None}, {"valid_to": {"$gt": day}}]}


def checked_day(day: str, *, field: str) -> str:
    """Accept a day of the calendar."""
    try:
        if _DAY.fullmatch(day):
            return date.fromisoformat(day).isoformat()
    except ValueError:
        pass
    raise CityProblem("REQUEST_INVALID", field=field, allowed="a day such as 2026-03-02")
