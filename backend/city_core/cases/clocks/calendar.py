"""What a clock asks of the city's calendar, and a plain calendar that follows the weekdays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Protocol

from city_core.kit.calendar import BEIJING

Shifts = tuple[tuple[time, time], ...]
OFFICE_HOURS: Shifts = ((time(8), time(12)), (time(14), time(18)))


class ClockCalendar(Protocol):
    """When the city works on a day, which month-days a season has, which years are not yet announced.

    A shift that ends at 00:00 ends with the day; a season's range may go over the end of the year.
    """

    @property
    def shifts_of(self) -> Callable[[date], Shifts]: ...

    @property
    def seasons(self) -> Mapping[str, tuple[tuple[str, str], ...]]: ...

    @property
    def provisional_years(self) -> frozenset[int]: ...


def works_at(calendar: ClockCalendar, instant: datetime) -> bool:
    """Tell whether the city works at an instant."""
    local = instant.astimezone(BEIJING)
    at, midnight = local.time(), time(0)
    shifts = calendar.shifts_of(local.date())
    return any(opens <= at and (at < closes or closes == midnight) for opens, closes in shifts)


@dataclass(frozen=True)
class PlainCalendar:
    """Office hours from Monday to Friday, with rest days and make-up working days."""

    rest_days: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()
    half_days: Mapping[date, Shifts] = field(default_factory=dict)
    seasons: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    provisional_years: frozenset[int] = frozenset()

    @property
    def shifts_of(self) -> Callable[[date], Shifts]:
        return self._shifts_of

    def _shifts_of(self, day: date) -> Shifts:
        if day in self.half_days:
            return self.half_days[day]
        works = day not in self.rest_days and (day.weekday() < 5 or day in self.working_weekends)
        return OFFICE_HOURS if works else ()
