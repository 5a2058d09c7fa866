"""Deadlines against a minute-by-minute count, and against days worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_core.cases.deadlines import Limit, deadline
from city_core.kit.calendar import BEIJING, WorkCalendar

CALENDAR = WorkCalendar(
    rest_days=frozenset({date(2026, 10, 1)}), working_weekends=frozenset({date(2026, 10, 10)})
)


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        (beijing(2026, 11, 20, 9), Limit(2, "work_hour"), beijing(2026, 11, 20, 11)),
        (beijing(2026, 11, 20, 11, 30), Limit(1, "work_hour"), beijing(2026, 11, 20, 14, 30)),
        (beijing(2026, 11, 20, 17), Limit(1, "work_day"), beijing(2026, 11, 23, 17)),  # over a weekend
        (beijing(2026, 11, 21, 3), Limit(1, "work_hour"), beijing(2026, 11, 23, 9)),  # from a Saturday night
        (beijing(2026, 9, 30, 17), Limit(2, "work_hour"), beijing(2026, 10, 2, 9)),  # over a holiday
        (beijing(2026, 10, 9, 17), Limit(2, "work_hour"), beijing(2026, 10, 10, 9)),  # a worked Saturday
        (beijing(2026, 11, 21, 23), Limit(2, "urgent_hour"), beijing(2026, 11, 22, 1)),
        (beijing(2026, 11, 21, 23), Limit(1, "urgent_day"), beijing(2026, 11, 22, 23)),
    ],
)
def test_days_worked_out_by_hand(start: datetime, limit: Limit, end: datetime) -> None:
    assert deadline(start, limit, CALENDAR) == end


def works_at(moment: datetime) -> bool:
    local = moment.astimezone(BEIJING)
    return CALENDAR.works_on(local.date()) and (8 <= local.hour < 12 or 14 <= local.hour < 18)


@settings(max_examples=60, deadline=None)
@given(
    offset=st.integers(0, 60 * 24 * 30),
    limit=st.builds(Limit, st.integers(1, 3), st.sampled_from(["work_hour", "work_day"])),
)
def test_equals_a_minute_by_minute_count(offset: int, limit: Limit) -> None:
    start = datetime(2026, 9, 20, tzinfo=UTC) + timedelta(minutes=offset)
    left = limit.value * (60 if limit.unit == "work_hour" else 480)
    moment = start
    while left:
        left -= works_at(moment)
        moment += timedelta(minutes=1)
    assert deadline(start, limit, CALENDAR) == moment
