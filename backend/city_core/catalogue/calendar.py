"""The city's calendar in use: when the city works on a day, its seasons, and years not decided yet."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from city_core.catalogue.calendar_checks import check_calendar, check_calendar_in_city
from city_core.catalogue.calendar_tables import CALENDAR_TABLES, FIRST_CALENDAR
from city_core.kit.city import City
from city_core.kit.rulebook.store import Opened, Rulebook, open_rules
from city_core.kit.rulebook.tables import Content

Shifts = tuple[tuple[time, time], ...]
_SATURDAY = 5
_REMEMBERED_DAYS = 4_096


@dataclass(frozen=True)
class CityCalendar:
    """When the city works: the shifts of a day (Beijing time), seasons as month-day ranges, open years."""

    shifts_of: Callable[[date], Shifts]
    seasons: Mapping[str, tuple[tuple[str, str], ...]]
    provisional_years: frozenset[int]


def compile_calendar(content: Content) -> CityCalendar:
    """Make a version ready for use; a day that it does not name follows its weekday."""
    hours: dict[date, list[tuple[time, time]]] = defaultdict(list)
    for row in sorted(content["work_hours"], key=lambda row: (row["valid_from"], row["opens"])):
        hours[date.fromisoformat(row["valid_from"])].append(_shift(row["opens"], row["closes"]))
    starts = sorted(hours)
    own: dict[date, list[tuple[time, time]]] = {}
    works: set[date] = set()
    for row in sorted(content["days"], key=lambda row: (row["day"], row["opens"] or "")):
        day = date.fromisoformat(row["day"])
        if row["kind"] == "work":
            works.add(day)
        else:
            own.setdefault(day, []).extend([_shift(row["opens"], row["closes"])] if row["opens"] else [])

    @lru_cache(_REMEMBERED_DAYS)
    def shifts_of(day: date) -> Shifts:
        if day in own:
            return tuple(own[day])
        if day.weekday() >= _SATURDAY and day not in works:
            return ()
        since = bisect_right(starts, day)
        return tuple(hours[starts[since - 1]]) if since else ()

    seasons: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in content["seasons"]:
        seasons[row["name"]].append((row["begins"], row["ends"]))
    return CityCalendar(
        shifts_of,
        {name: tuple(sorted(ranges)) for name, ranges in seasons.items()},
        frozenset(row["year"] for row in content["years"] if row["provisional"]),
    )


def _shift(opens: str, closes: str) -> tuple[time, time]:
    return time.fromisoformat(opens), time.fromisoformat(closes)


CALENDAR_BOOK = Rulebook(
    name="calendar",
    tables=CALENDAR_TABLES,
    compile=compile_calendar,
    default=FIRST_CALENDAR,
    check=check_calendar,
    check_in_city=check_calendar_in_city,
)


async def calendar_of(city: City, version: int | None = None) -> Opened[CityCalendar]:
    """Open the calendar in force, or the version that a case was filed under."""
    return await open_rules(city, CALENDAR_BOOK, version)
