"""The city's working hours (08-12 and 14-18, Monday to Friday, Beijing time) and counting inside them.

Holidays and make-up working days come as sets of dates; rest days hold no working time at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_FURTHEST_DAYS = 800


@dataclass(frozen=True)
class WorkCalendar:
    """Says when the city works; a working day has eight working hours (GB/T 30428.8 practice)."""

    hours: tuple[tuple[time, time], ...] = ((time(8), time(12)), (time(14), time(18)))
    rest_days: frozenset[date] = field(default_factory=frozenset)
    working_weekends: frozenset[date] = field(default_factory=frozenset)
    shifts_of: Callable[[date], tuple[tuple[time, time], ...]] | None = None  # instead of all of the above
    seasons: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def works_on(self, day: date) -> bool:
        """Tell whether the city works on a day."""
        if day in self.rest_days:
            return False
        return day.weekday() < 5 or day in self.working_weekends

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """Find the instant at which this much working time after `start` is used up (UTC)."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._shifts_from(start):
            begins = max(opens, start)
            if closes - begins >= left:
                return (begins + left).astimezone(UTC)
            left -= closes - begins
        raise ValueError("the calendar has no working time within two years")

    def add_season_days(self, start: datetime, days: int, season: str) -> datetime:
        """Find the end of the last of so many days of a season, the day of `start` not counted (UTC)."""
        first = start.astimezone(BEIJING).date()
        left = days
        for offset in range(1, _FURTHEST_DAYS):
            day = first + timedelta(days=offset)
            text = day.strftime("%m-%d")
            left -= any(begins <= text <= ends for begins, ends in self.seasons[season])
            if not left:
                return datetime.combine(day + timedelta(days=1), time(), BEIJING).astimezone(UTC)
        raise ValueError("the season has too few days within two years")

    def _hours_of(self, day: date) -> tuple[tuple[time, time], ...]:
        if self.shifts_of is not None:
            return self.shifts_of(day)
        return self.hours if self.works_on(day) else ()

    def _shifts_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = start.astimezone(BEIJING).date()
        for offset in range(_FURTHEST_DAYS):
            day = first + timedelta(days=offset)
            for opens, closes in self._hours_of(day):
                shift = datetime.combine(day, opens, BEIJING), datetime.combine(day, closes, BEIJING)
                if shift[1] > start:
                    yield shift
