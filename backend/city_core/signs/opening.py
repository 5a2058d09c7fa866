"""Whether a point is open at an instant: its state and its hours, by the city's own clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.kit.calendar import BEIJING
from city_core.places.points.model import PointState

_DAY = 24 * 60


def is_open(point: Mapping[str, Any], at: datetime) -> bool:
    """Tell whether a point can be used at an instant; without hours it is always open.

    Hours that end before they begin, or at the same time, end on the next day.
    """
    if point["state"] != PointState.IN_USE:
        return False
    hours = point.get("opening_hours") or ()
    local = at.astimezone(BEIJING)
    minute, today = local.hour * 60 + local.minute, local.isoweekday()
    yesterday = 7 if today == 1 else today - 1
    return not hours or any(
        (today in row["days"] and _covers(row, minute))
        or (yesterday in row["days"] and _covers(row, minute + _DAY))
        for row in hours
    )


def hours_in_words(point: Mapping[str, Any], at: datetime) -> list[str]:
    """List the hours of the day of an instant, such as 05:30-22:00; none where it is always open."""
    today = at.astimezone(BEIJING).isoweekday()
    hours = point.get("opening_hours") or ()
    return [f"{row['opens_at']}-{row['closes_at']}" for row in hours if today in row["days"]]


def _covers(hours: Mapping[str, Any], minute: int) -> bool:
    opens, closes = _minute(hours["opens_at"]), _minute(hours["closes_at"])
    return opens <= minute < (closes if closes > opens else closes + _DAY)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
