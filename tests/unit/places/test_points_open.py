"""Whether a point is open: its days and hours in Beijing time, past midnight too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from city_core.places.points.opening import hours_of_day, is_open
from tests.hand_clock import beijing


def point(state: str = "IN_USE", *hours: tuple[list[int], str, str]) -> dict[str, Any]:
    rows = [{"days": days, "opens_at": opens, "closes_at": closes} for days, opens, closes in hours]
    return {"state": state, "opening_hours": rows}


WEEK = [1, 2, 3, 4, 5, 6, 7]
DAY = (WEEK, "05:30", "22:00")
NIGHT = ([5], "17:00", "02:00")  # Fridays; 6 March 2026 is one


@pytest.mark.parametrize(
    ("shop", "at", "opened"),
    [
        (point(), beijing(2, 3), True),
        (point("CLOSED"), beijing(2, 3), False),
        (point("REMOVED"), beijing(2, 3), False),
        (point("IN_USE", DAY), beijing(2, 5, 29), False),
        (point("IN_USE", DAY), beijing(2, 5, 30), True),
        (point("IN_USE", DAY), beijing(2, 21, 59), True),
        (point("IN_USE", DAY), beijing(2, 22, 0), False),
        (point("CLOSED", DAY), beijing(2, 12), False),
        (point("IN_USE", NIGHT), beijing(6, 16, 59), False),
        (point("IN_USE", NIGHT), beijing(6, 23, 30), True),
        (point("IN_USE", NIGHT), beijing(7, 1, 59), True),
        (point("IN_USE", NIGHT), beijing(7, 2, 0), False),
        (point("IN_USE", NIGHT), beijing(5, 23, 30), False),
        (point("IN_USE", ([7], "20:00", "04:00")), beijing(2, 3), True),
        (point("IN_USE", (WEEK, "06:00", "24:00")), beijing(2, 23, 59), True),
        (point("IN_USE", (WEEK, "06:00", "24:00")), beijing(2, 0, 0), False),
        (point("IN_USE", ([1], "08:00", "08:00")), beijing(3, 7, 59), True),
        (point("IN_USE", ([1, 2], "08:00", "12:00"), ([1, 2], "14:00", "18:00")), beijing(2, 13), False),
        (point("IN_USE", ([1, 2], "08:00", "12:00"), ([1, 2], "14:00", "18:00")), beijing(2, 14), True),
    ],
)
def test_a_point_is_open_in_its_hours(shop: dict[str, Any], at: datetime, opened: bool) -> None:
    assert is_open(shop, at) is opened


def test_the_hours_of_the_day_are_told() -> None:
    shop = point("IN_USE", ([1], "08:00", "12:00"), ([1], "14:00", "18:00"), ([2], "09:00", "10:00"))
    assert hours_of_day(shop, beijing(2, 20)) == ["08:00-12:00", "14:00-18:00"]
    assert hours_of_day(shop, beijing(4, 20)) == []
