"""How much of a span counts: every clock rests on a growing count of seconds M(t) and on its inverse.

`spent(a, b)` is M(b) - M(a), `reach` is the inverse. Because M is one function of time, what is counted
piece by piece adds up, and pausing, extending and asking again can never disagree. The grain is one second:
instants are cut to it. Working time is kept as flat sorted arrays of shifts with running sums, made year by
year as far as somebody asks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from city_core.cases.clocks.calendar import ClockCalendar, Shifts
from city_core.catalogue.limits import Counts, Limit
from city_core.kit.calendar import BEIJING
from city_core.kit.problems import CityProblem

_DAY_S = 86_400
_MOST_EMPTY_YEARS, _MOST_YEARS = 12, 200
_from_timestamp = datetime.fromtimestamp


class Measure:
    """Counts day and night: the seconds of urgent limits. The other measures count less."""

    def counted(self, second: int) -> int:
        """Count the seconds until an instant (both in seconds since 1970) from a fixed start on."""
        return second

    def reached(self, second: int, amount: int) -> int:
        """Find the first instant at which this much more is counted; below zero counts as nothing."""
        return second + amount if amount > 0 else second

    def due(self, second: int, amount: int) -> int:
        """Find the instant at which a limit with this much left is due."""
        return self.reached(second, amount)

    def spent(self, start: datetime, end: datetime) -> int:
        """Count the seconds between two instants; an end before the start counts as nothing."""
        first, last = second_of(start), second_of(end)
        if last <= first:
            return 0
        before = self.counted(first)
        return self.counted(last) - before

    def reach(self, start: datetime, seconds: int) -> datetime:
        """Find the first instant (UTC) at which so much is spent; a start in a gap waits for its end."""
        return instant_of(self.reached(second_of(start), seconds))


class NaturalDays(Measure):
    """Counts day and night, but is due only when the local day ends: Monday and one day is Tuesday 24:00."""

    def due(self, second: int, amount: int) -> int:
        day = _from_timestamp(self.reached(second, amount), BEIJING).date()
        return _midnight(day + timedelta(days=1))


class Working(Measure):
    """Counts the city's working time; shifts are asked for once and kept as sums."""

    def __init__(self, shifts_of: Callable[[date], Shifts]) -> None:
        self._shifts_of = shifts_of
        self._forget()

    def _forget(self) -> None:
        self._years = range(0)
        self._from = self._until = 0
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._offset: list[int] = []  # counted before a shift, less its opening: + instant gives the count
        self._done: list[int] = []  # counted at the end of a shift

    def counted(self, second: int) -> int:
        if not self._from <= second < self._until:
            self._cover(second)
        index = bisect_right(self._opens, second) - 1
        if index < 0:
            return 0
        closes = self._closes[index]
        return self._offset[index] + (second if second < closes else closes)

    def reached(self, second: int, amount: int) -> int:
        if amount <= 0:
            return second
        target = self.counted(second) + amount
        done = self._done
        if not done or target > done[-1]:
            self._extend_to(target)
        index = bisect_left(done, target)
        return target - self._offset[index]

    def _cover(self, second: int) -> None:
        year = _from_timestamp(second, BEIJING).year
        if not self._years:
            self._years = range(year, year)
            self._from = self._until = _midnight(date(year, 1, 1))
        last = max(year, self._years.stop - 1)
        if year < self._years.start:
            self._forget()
            self._years = range(year, year)
            self._from = self._until = _midnight(date(year, 1, 1))
        while self._years.stop <= last:
            self._add_year()

    def _extend_to(self, target: int) -> None:
        empty = 0
        while not self._done or self._done[-1] < target:
            shifts = len(self._opens)
            self._add_year()
            empty = 0 if len(self._opens) > shifts else empty + 1
            if empty > _MOST_EMPTY_YEARS or len(self._years) > _MOST_YEARS:
                raise CityProblem("LIMIT_INVALID", allowed="a calendar that has working time for this unit")

    def _add_year(self) -> None:
        year = self._years.stop
        day, end = date(year, 1, 1), date(year + 1, 1, 1)
        while day < end:
            shifts = self._shifts_of(day)
            if shifts:
                midnight = _midnight(day)
                for opens, closes in shifts:
                    self._add_shift(midnight + _of_day(opens), midnight + (_of_day(closes) or _DAY_S))
            day += timedelta(days=1)
        self._years = range(self._years.start, year + 1)
        self._until = _midnight(end)

    def _add_shift(self, opens: int, closes: int) -> None:
        if closes <= opens or (self._closes and opens < self._closes[-1]):
            at = _from_timestamp(opens, BEIJING).isoformat()
            raise ValueError(f"the calendar has shifts that overlap or run backwards at {at}")
        before = self._done[-1] if self._done else 0
        self._opens.append(opens)
        self._closes.append(closes)
        self._offset.append(before - opens)
        self._done.append(before + closes - opens)


class Measures:
    """The measures of one calendar, each made once."""

    def __init__(self, calendar: ClockCalendar) -> None:
        self.calendar = calendar
        self._plain: dict[Counts, Measure] = {
            Counts.WALL: Measure(),
            Counts.NATURAL: NaturalDays(),
            Counts.WORKING: Working(calendar.shifts_of),
        }
        self._seasons: dict[str, Working] = {}

    def of(self, limit: Limit) -> Measure:
        """Give the measure that a limit is counted by."""
        known = self._plain.get(limit.counts)
        return known if known is not None else self._season(limit.season or "")

    def dates_of(self, start: datetime, limit: Limit, yellow_percent: int = 80) -> tuple[datetime, datetime]:
        """Find the instants (UTC) from which on a limit that starts here is yellow, and is overdue."""
        measure, second, seconds = self.of(limit), second_of(start), limit.seconds
        yellow = measure.reached(second, -(-seconds * yellow_percent // 100))
        return instant_of(yellow), instant_of(measure.due(second, seconds))

    def _season(self, name: str) -> Working:
        known = self._seasons.get(name)
        if known is None:
            ranges = self.calendar.seasons.get(name)
            if ranges is None:
                raise CityProblem("LIMIT_INVALID", field="season", allowed=", ".join(self.calendar.seasons))
            known = self._seasons[name] = Working(_inside(self.calendar.shifts_of, ranges))
        return known


def _inside(
    shifts_of: Callable[[date], Shifts], ranges: tuple[tuple[str, str], ...]
) -> Callable[[date], Shifts]:
    """Keep the shifts of the days inside month-day ranges such as 03-01 to 04-30, or 11-15 to 03-15."""

    def kept(day: date) -> Shifts:
        at = f"{day.month:02}-{day.day:02}"
        inside = any(a <= at <= b if a <= b else at >= a or at <= b for a, b in ranges)
        return shifts_of(day) if inside else ()

    return kept


def second_of(instant: datetime) -> int:
    """Cut an instant to the second, as seconds since 1970."""
    return int(instant.timestamp() // 1)


def instant_of(second: int) -> datetime:
    """See seconds since 1970 as an instant (UTC)."""
    return _from_timestamp(second, UTC)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp())


def _of_day(moment: time) -> int:
    return moment.hour * 3_600 + moment.minute * 60 + moment.second
