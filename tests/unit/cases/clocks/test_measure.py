"""Counting what a span holds: known days of 2024 to 2026, and the laws that every measure keeps."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_core.cases.clocks.calendar import PlainCalendar
from city_core.cases.clocks.measure import Measures, Working
from city_core.catalogue.limits import MOST_UNITS, Limit
from city_core.kit.calendar import BEIJING
from city_core.kit.problems import CityProblem
from tests.conftest import REPOSITORY


def _days(kind: str) -> frozenset[date]:
    with (REPOSITORY / "seed/reference/calendar_days.csv").open(encoding="utf-8") as file:
        return frozenset(
            date.fromisoformat(row["day"]) for row in csv.DictReader(file) if row["kind"] == kind
        )


CITY = PlainCalendar(
    rest_days=_days("rest"),
    working_weekends=_days("work"),
    seasons={"planting": (("03-01", "04-15"),), "heating": (("11-15", "03-15"),), "never": ()},
)
MEASURES = Measures(CITY)
WORK_HOUR, WORK_DAY = Limit(1, "work_hour"), Limit(1, "work_day")


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc,arg-type]


def due(start: datetime, limit: Limit) -> datetime:
    return MEASURES.dates_of(start, limit)[1]


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        # inside a day, over the noon gap, over a weekend
        (beijing(2026, 11, 20, 9), Limit(2, "work_hour"), beijing(2026, 11, 20, 11)),
        (beijing(2026, 11, 20, 11, 30), WORK_HOUR, beijing(2026, 11, 20, 14, 30)),
        (beijing(2026, 11, 20, 17), WORK_DAY, beijing(2026, 11, 23, 17)),
        (beijing(2026, 11, 20, 8), Limit(4, "work_hour"), beijing(2026, 11, 20, 12)),
        (beijing(2026, 11, 20, 10), Limit(45, "work_minute"), beijing(2026, 11, 20, 10, 45)),
        # a start in a gap moves to the next working instant
        (beijing(2026, 11, 21, 3), WORK_HOUR, beijing(2026, 11, 23, 9)),
        (beijing(2026, 11, 20, 12), WORK_HOUR, beijing(2026, 11, 20, 15)),
        (beijing(2026, 11, 20, 22), Limit(15, "work_minute"), beijing(2026, 11, 23, 8, 15)),
        # National Day 2026: rest from Thursday 1st to Wednesday 7th, work on Saturday 10th
        (beijing(2026, 9, 30, 17), WORK_DAY, beijing(2026, 10, 8, 17)),
        (beijing(2026, 10, 9, 17), WORK_DAY, beijing(2026, 10, 10, 17)),
        (beijing(2026, 10, 3, 12), Limit(3, "work_day"), beijing(2026, 10, 10, 18)),
        # a worked Sunday before it
        (beijing(2026, 9, 19, 10), WORK_HOUR, beijing(2026, 9, 20, 9)),
        # Spring Festival 2024: worked Sundays on both sides, rest from the 10th to the 17th
        (beijing(2024, 2, 9, 17), WORK_DAY, beijing(2024, 2, 18, 17)),
        (beijing(2024, 2, 3, 9), WORK_HOUR, beijing(2024, 2, 4, 9)),
        # National Day 2025 holds Mid-Autumn: rest to the 8th, work on Saturday 11th
        (beijing(2025, 9, 30, 14), WORK_DAY, beijing(2025, 10, 9, 12)),
        (beijing(2025, 10, 10, 18), WORK_DAY, beijing(2025, 10, 11, 18)),
        # New Year's Eve into the next year
        (beijing(2025, 12, 31, 17), WORK_DAY, beijing(2026, 1, 4, 17)),
        # day and night
        (beijing(2026, 11, 21, 23), Limit(2, "urgent_hour"), beijing(2026, 11, 22, 1)),
        (beijing(2026, 10, 1, 1), Limit(1, "urgent_day"), beijing(2026, 10, 2, 1)),
        (beijing(2026, 10, 1, 1), Limit(30, "urgent_minute"), beijing(2026, 10, 1, 1, 30)),
        # natural days end with the day: from Monday, one day is the end of Tuesday
        (beijing(2026, 11, 16, 10), Limit(1, "natural_day"), beijing(2026, 11, 18)),
        (beijing(2026, 11, 16, 0), Limit(3, "natural_day"), beijing(2026, 11, 20)),
        (beijing(2026, 11, 16, 23, 59), Limit(1, "natural_day"), beijing(2026, 11, 18)),
        # seasons: outside of it nothing counts; one that goes over the end of the year
        (beijing(2026, 2, 10, 10), Limit(1, "season_day", "planting"), beijing(2026, 3, 2, 18)),
        (beijing(2026, 4, 15, 14), Limit(1, "season_day", "planting"), beijing(2027, 3, 1, 12)),
        (beijing(2026, 3, 13, 14), Limit(2, "season_day", "heating"), beijing(2026, 11, 17, 12)),
    ],
)  # fmt: skip
def test_days_worked_out_by_hand(start: datetime, limit: Limit, end: datetime) -> None:
    assert due(start, limit) == end
    assert due(start, limit).tzinfo is UTC


def test_a_half_day_and_a_shift_until_midnight_count_as_they_are() -> None:
    eve = date(2026, 11, 20)
    calendar = PlainCalendar(half_days={eve: ((time(8), time(12)), (time(20), time(0)))})
    measure = Measures(calendar).of(WORK_HOUR)
    assert measure.reach(beijing(2026, 11, 20, 8), 8 * 3600) == beijing(2026, 11, 21)
    assert measure.reach(beijing(2026, 11, 20, 8), 8 * 3600 + 1) == beijing(2026, 11, 23, 8, 0, 1)


def test_a_forecast_runs_far_into_the_future_and_back() -> None:
    measures = Measures(CITY)
    far = measures.dates_of(beijing(2026, 1, 5, 8), Limit(MOST_UNITS, "work_day"))[1]
    assert far.year == 2064
    measure = measures.of(WORK_DAY)
    assert measure.spent(beijing(2026, 1, 5, 8), far) == MOST_UNITS * 8 * 3600
    assert measure.spent(beijing(2024, 2, 9, 17), beijing(2024, 2, 18, 17)) == 8 * 3600


@pytest.mark.parametrize("value", [0, -1, MOST_UNITS + 1, True])
def test_a_limit_of_nothing_is_refused(value: int) -> None:
    with pytest.raises(CityProblem) as refused:
        Limit(value, "work_day")
    assert (refused.value.code, refused.value.field) == ("LIMIT_INVALID", "limitValue")


@pytest.mark.parametrize(
    ("unit", "season", "field"),
    [("fortnight", None, "limitUnit"), ("season_day", None, "season"), ("work_day", "planting", "season")],
)
def test_a_unit_that_does_not_fit_is_refused(unit: str, season: str | None, field: str) -> None:
    with pytest.raises(CityProblem) as refused:
        Limit(1, unit, season)
    assert refused.value.field == field


def test_an_unknown_season_and_one_without_working_time_are_refused() -> None:
    for season in ("monsoon", "never"):
        with pytest.raises(CityProblem) as refused:
            MEASURES.dates_of(beijing(2026, 1, 5, 8), Limit(1, "season_day", season))
        assert refused.value.code == "LIMIT_INVALID"


def test_shifts_that_overlap_are_refused() -> None:
    overlapping = ((time(8), time(12)), (time(11), time(18)))
    with pytest.raises(ValueError, match="overlap"):
        Working(lambda day: overlapping).spent(beijing(2026, 1, 5), beijing(2026, 1, 6))


limits = st.one_of(
    st.builds(Limit, st.integers(1, 300), st.sampled_from(["work_minute", "work_hour", "urgent_hour"])),
    st.builds(Limit, st.integers(1, 20), st.sampled_from(["work_day", "natural_day"])),
    st.builds(Limit, st.integers(1, 40), st.just("season_day"), st.sampled_from(["planting", "heating"])),
)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
instants = st.integers(0, 3 * 365 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))


@settings(max_examples=200, deadline=None)
@given(limit=limits, start=instants, seconds=st.integers(1, 400_000))
def test_what_is_reached_is_what_is_spent(limit: Limit, start: datetime, seconds: int) -> None:
    measure = MEASURES.of(limit)
    end = measure.reach(start, seconds)
    assert measure.spent(start, end) == seconds
    assert measure.spent(start, end - timedelta(seconds=1)) == seconds - 1  # and it is the first such instant


@settings(max_examples=200, deadline=None)
@given(limit=limits, moments=st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_spans_add_up_and_never_shrink(limit: Limit, moments: list[datetime]) -> None:
    measure = MEASURES.of(limit)
    a, b, c = moments
    assert measure.spent(a, b) + measure.spent(b, c) == measure.spent(a, c)
    assert 0 <= measure.spent(a, b) <= (b - a).total_seconds()
    assert measure.spent(b, a) == 0


@settings(max_examples=200, deadline=None)
@given(limit=limits, start=instants, later=st.integers(0, 1_000_000))
def test_who_starts_later_is_never_due_earlier(limit: Limit, start: datetime, later: int) -> None:
    yellow, red = MEASURES.dates_of(start, limit)
    assert start <= yellow <= red
    yellow_later, red_later = MEASURES.dates_of(start + timedelta(seconds=later), limit)
    assert yellow <= yellow_later
    assert red <= red_later
