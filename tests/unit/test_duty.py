"""Who may be told something: duty, absences, shifts and weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.people.duty import Duty, is_absent, may_be_told, week_of

MONDAY = datetime(2026, 3, 1, 16, tzinfo=UTC)  # Monday 2 March, 00:00 in Beijing
NOON = MONDAY + timedelta(days=2, hours=12)
WORKER = {"_id": "w", "on_duty": True, "disabled": False}


def period(start: datetime, hours: float, **more: Any) -> dict[str, Any]:
    return {"person_id": "w", "starts_at": start, "ends_at": start + timedelta(hours=hours), **more}


def test_the_week_goes_from_monday_to_monday_in_beijing() -> None:
    assert week_of(NOON) == week_of(MONDAY) == (MONDAY, MONDAY + timedelta(days=7))
    assert week_of(MONDAY - timedelta(seconds=1))[1] == MONDAY


@pytest.mark.parametrize(("field", "value"), [("on_duty", False), ("disabled", True)])
def test_off_duty_or_disabled_is_passed_over(field: str, value: bool) -> None:
    assert may_be_told(WORKER, [], [], NOON)
    assert not may_be_told({**WORKER, field: value}, [], [], NOON)


def test_an_absence_holds_until_its_end_or_until_it_was_ended() -> None:
    absence = period(NOON, 8, ended_at=None, deputy_id="d")
    assert not may_be_told(WORKER, [], [absence], NOON)
    assert may_be_told(WORKER, [], [absence], NOON + timedelta(hours=8))
    ended = {**absence, "ended_at": NOON + timedelta(hours=1)}
    assert is_absent(ended, NOON) and not is_absent(ended, NOON + timedelta(hours=1))
    assert Duty({}, {"w": [absence]}).deputy_of("w", NOON) == "d"
    assert Duty({}, {"w": [absence]}).deputy_of("w", NOON + timedelta(hours=9)) is None


def test_shifts_bind_in_the_weeks_for_which_any_are_planned() -> None:
    shift = period(NOON, 8)
    assert may_be_told(WORKER, [shift], [], NOON + timedelta(hours=7))
    assert not may_be_told(WORKER, [shift], [], NOON + timedelta(hours=8))
    assert may_be_told(WORKER, [shift], [], NOON + timedelta(days=7))
    night = period(MONDAY - timedelta(hours=2), 8)
    assert may_be_told(WORKER, [night], [], MONDAY + timedelta(hours=5))
    assert not may_be_told(WORKER, [night], [], MONDAY + timedelta(hours=7))


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 30)), max_size=6), st.integers(0, 330))
def test_told_only_in_a_shift_or_in_a_week_without_any(turns: list[tuple[int, int]], hour: int) -> None:
    shifts = [period(MONDAY + timedelta(hours=start), hours) for start, hours in turns]
    at = MONDAY + timedelta(hours=hour)
    begins, ends = week_of(at)
    covered = any(row["starts_at"] <= at < row["ends_at"] for row in shifts)
    planned = any(row["starts_at"] < ends and row["ends_at"] > begins for row in shifts)
    assert may_be_told(WORKER, shifts, [], at) == (covered or not planned)
