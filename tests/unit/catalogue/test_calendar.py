"""The calendar: what a bad row is told, and when the city works on a day."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.catalogue.calendar import CALENDAR_BOOK, compile_calendar
from city_core.catalogue.calendar_checks import check_calendar
from city_core.kit.rulebook.tables import Content, Row

MORNING, AFTERNOON = (time(8), time(12)), (time(14), time(18))
_NAMES = {"name_zh": "某日", "name_en": "some day"}


def day_row(day: str, kind: str, opens: str | None = None, closes: str | None = None) -> Row:
    return {"day": day, "kind": kind, "opens": opens, "closes": closes, **_NAMES}


def season_row(begins: str, ends: str, name: str = "planting") -> Row:
    return {"name": name, "begins": begins, "ends": ends, **_NAMES, "certainty": "invented"}


def content(**changes: Any) -> Content:
    return {
        **CALENDAR_BOOK.first_content,
        "years": [{"year": 2026, "provisional": False}, {"year": 2027, "provisional": True}],
        **changes,
    }


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"work_hours": []}, "work_hours: there must be working hours"),
    ({"work_hours": [{"valid_from": "2026-01-01", "opens": "12:00", "closes": "08:00"}]},
     "work_hours, row 2, closes: closes before it opens"),
    ({"work_hours": [{"valid_from": "2026-01-01", "opens": "08:00", "closes": "12:00"},
                     {"valid_from": "2026-01-01", "opens": "11:59", "closes": "13:00"}]},
     "work_hours, row 3, opens: overlaps with the hours of row 2"),
    ({"days": [day_row("2028-10-02", "rest")]}, "days, row 2, day: the table years has no row for 2028"),
    ({"days": [day_row("2026-10-03", "rest")]},
     "days, row 2, kind: 2026-10-03 is no exception: its weekday says the same"),
    ({"days": [day_row("2026-10-01", "work")]},
     "days, row 2, kind: 2026-10-01 is no exception: its weekday says the same"),
    ({"days": [day_row("2026-10-01", "half")]}, "days, row 2, opens: half days and own hours say from when"),
    ({"days": [day_row("2026-10-01", "half", "08:00")]}, "days, row 2, opens: half days and own hours"),
    ({"days": [day_row("2026-10-01", "rest", "08:00", "12:00")]}, "days, row 2, opens: half days and own"),
    ({"days": [day_row("2026-10-01", "half", "12:00", "08:00")]}, "days, row 2, closes: closes before"),
    ({"days": [day_row("2026-10-01", "rest"), day_row("2026-10-01", "half", "08:00", "12:00")]},
     "days, row 3, day: 2026-10-01 stands in row 2 already"),
    ({"days": [day_row("2026-10-01", "hours", "08:00", "12:00"),
               day_row("2026-10-01", "hours", "11:00", "13:00")]},
     "days, row 3, opens: overlaps with the hours of row 2"),
    ({"seasons": [season_row("10-15", "03-01")]}, "seasons, row 2, ends: ends before it begins"),
    ({"seasons": [season_row("03-01", "04-30"), season_row("04-30", "05-02")]},
     "seasons, row 3, begins: overlaps with row 2"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_a_wrong_row_is_named_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    [fault] = check_calendar(content(**changes))
    assert str(fault).startswith(reason)
    assert fault.zh != fault.en


def test_before_anything_is_published_weekdays_decide() -> None:
    calendar = compile_calendar(CALENDAR_BOOK.first_content)
    assert calendar.shifts_of(date(2026, 10, 1)) == (MORNING, AFTERNOON)
    assert calendar.shifts_of(date(2026, 10, 3)) == ()
    assert (calendar.seasons, calendar.provisional_years) == ({}, frozenset())


def test_days_that_differ_hours_that_change_seasons_and_open_years() -> None:
    given = content(
        work_hours=[
            *CALENDAR_BOOK.first_content["work_hours"],
            {"valid_from": "2026-06-01", "opens": "09:00", "closes": "17:00"},
        ],
        days=[
            day_row("2026-10-01", "rest"),
            day_row("2026-10-10", "work"),
            day_row("2026-12-24", "half", "09:00", "12:00"),
            day_row("2026-12-26", "hours", "18:00", "20:00"),
            day_row("2026-12-26", "hours", "10:00", "12:00"),
        ],
        seasons=[season_row("10-15", "11-30"), season_row("03-01", "04-30")],
    )
    assert check_calendar(given) == []
    calendar = compile_calendar(given)
    assert calendar.shifts_of(date(2026, 5, 29)) == (MORNING, AFTERNOON)
    assert calendar.shifts_of(date(2026, 6, 1)) == ((time(9), time(17)),)
    assert calendar.shifts_of(date(2026, 10, 1)) == ()
    assert calendar.shifts_of(date(2026, 10, 10)) == ((time(9), time(17)),)
    assert calendar.shifts_of(date(2026, 12, 24)) == ((time(9), time(12)),)
    assert calendar.shifts_of(date(2026, 12, 26)) == ((time(10), time(12)), (time(18), time(20)))
    assert calendar.shifts_of(date(1999, 12, 31)) == ()  # before any working hours are known
    assert calendar.seasons == {"planting": (("03-01", "04-30"), ("10-15", "11-30"))}
    assert calendar.provisional_years == {2027}


@given(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
)
def test_a_day_is_worked_as_its_weekday_says_but_for_those_that_differ(day: date, differ: set[date]) -> None:
    rows = [day_row(found.isoformat(), "rest" if found.weekday() < 5 else "work") for found in differ]
    assert check_calendar(content(days=rows)) == []
    shifts = compile_calendar(content(days=rows)).shifts_of(day)
    assert bool(shifts) == ((day.weekday() < 5) != (day in differ))
