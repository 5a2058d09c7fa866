"""What a kind of emergency changes: limits, routes, pushes, photos, and who sees the cases of its area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from city_core.catalogue.limits import MOST_UNITS, Limit
from city_core.people.roles import Role

T = TypeVar("T")
# Units of one measure from the largest to the smallest, with their minutes.
_MEASURES: tuple[tuple[tuple[str, int], ...], ...] = (
    (("urgent_day", 1_440), ("urgent_hour", 60), ("urgent_minute", 1)),
    (("work_day", 480), ("work_hour", 60), ("work_minute", 1)),
)


@dataclass(frozen=True)
class LimitRule:
    """The limit of some types in an emergency: a limit of its own, or a part of the normal one in percent."""

    limit: Limit | None
    percent: int = 100

    def limit_from(self, normal: Limit) -> Limit:
        """Give the limit that takes the place of the normal one."""
        return self.limit or part_of(normal, self.percent)


@dataclass(frozen=True)
class Profile:
    """One kind of emergency, such as 防汛 flood; limits and routes by type prefix, the longest wins.

    The types that have a limit here belong to the emergency; all others of the area go on as ever.
    """

    name: str
    name_zh: str
    name_en: str
    is_urgent: bool
    needs_photos: int
    widened_to: frozenset[Role]
    note: str
    limits: Mapping[str, LimitRule]
    routes: Mapping[str, str]

    def limit_for(self, type_code: str | None, normal: Limit) -> Limit | None:
        """Give the limit of a type in this emergency; None when the type does not belong to it."""
        found = _longest(self.limits, type_code)
        return None if found is None else found[1].limit_from(normal)

    def belongs(self, type_code: str | None) -> bool:
        """Tell whether a type belongs to this emergency."""
        return _longest(self.limits, type_code) is not None

    def route_for(self, type_code: str | None) -> tuple[str, str] | None:
        """Give type prefix and department of the route of a type; None when it goes the normal way."""
        return _longest(self.routes, type_code)


def part_of(normal: Limit, percent: int) -> Limit:
    """Give a part of a limit in its own measure, rounded up to whole minutes, or whole days of day units."""
    for measure in _MEASURES:
        sizes = dict(measure)
        if normal.unit in sizes:
            return _limit_of(max(1, _rounded_up(normal.value * sizes[normal.unit] * percent, 100)), measure)
    days = min(max(1, _rounded_up(normal.value * percent, 100)), MOST_UNITS)
    return Limit(days, normal.unit, normal.season)


def _limit_of(minutes: int, measure: tuple[tuple[str, int], ...]) -> Limit:
    """Write minutes in the largest unit that holds them exactly, or in the smallest that can count so far."""
    for unit, size in measure:
        if minutes % size == 0 and minutes // size <= MOST_UNITS:
            return Limit(minutes // size, unit)
    counts = [(_rounded_up(minutes, size), unit) for unit, size in reversed(measure)]
    fits = [(value, unit) for value, unit in counts if value <= MOST_UNITS]
    return Limit(*fits[0]) if fits else Limit(MOST_UNITS, measure[0][0])


def _rounded_up(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _longest(by_prefix: Mapping[str, T], type_code: str | None) -> tuple[str, T] | None:
    fits = [prefix for prefix in by_prefix if (type_code or "").startswith(prefix)]
    return (best := max(fits, key=len), by_prefix[best]) if fits else None
