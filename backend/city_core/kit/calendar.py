"""The city's working hours (08-12 and 14-18, Monday to Friday, Beijing time) and counting inside them.

Holidays and make-up working days come as sets of dates; rest days hold no working time at all.
"""

from __future__ import annotations

from collections.abc import Iterator
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

    def works_on(self, day: date) -> bool:
        """Tell whether the city works on a day."""
        if day in self.rest_days:
            return False
        return day.weekday() < 5 or day in self.working_weekends

    def works_at(self, instant: datetime) -> bool:
        """Tell whether the city works at an instant."""
        local = instant.astimezone(BEIJING)
        return self.works_on(local.date()) and any(
            opens <= local.time() < closes for opens, closes in self.hours
        )

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """Find the instant at which this much working time after `start` is used up (UTC)."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._shifts_from(start):
            begins = max(opens, start)
            if closes - begins >= left:
                return (begins + left).astimezone(UTC)
            left -= closes - begins
        raise ValueError("the calendar has no working time within two years")

    def _shifts_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = start.astimezone(BEIJING).date()
        for offset in range(_FURTHEST_DAYS):
            day = first + timedelta(days=offset)
            if not self.works_on(day):
                continue
            for opens, closes in self.hours:
                shift = datetime.combine(day, opens, BEIJING), datetime.combine(day, closes, BEIJING)
                if shift[1] > start:
                    yield shift
