"""Limits 时限: a number of one unit, and what a unit counts (GB/T 30428.8 practice).

Urgent units run day and night; work units run in the city's working hours, a work day being eight of them;
natural days run day and night and end with the day; season days are work days inside a named season.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.kit.problems import CityProblem

MOST_UNITS = 9_999
AREA_CLASSES = ("A", "B", "C")


class Counts(StrEnum):
    """What the seconds of a unit are counted by."""

    WALL = "WALL"  # day and night
    WORKING = "WORKING"  # the city's working hours
    NATURAL = "NATURAL"  # day and night, due at the end of the day
    SEASON = "SEASON"  # working hours inside a named season


UNITS: Mapping[str, tuple[int, Counts]] = {
    "urgent_minute": (60, Counts.WALL),
    "urgent_hour": (3_600, Counts.WALL),
    "urgent_day": (86_400, Counts.WALL),
    "work_minute": (60, Counts.WORKING),
    "work_hour": (3_600, Counts.WORKING),
    "work_day": (8 * 3_600, Counts.WORKING),
    "natural_day": (86_400, Counts.NATURAL),
    "season_day": (8 * 3_600, Counts.SEASON),
}
LIMIT_UNITS = tuple(UNITS)


@dataclass(frozen=True)
class Limit:
    """How long something may take: a whole number of one unit, of a named season for season days."""

    value: int
    unit: str
    season: str | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise CityProblem("LIMIT_INVALID", field="limitUnit", allowed=", ".join(UNITS))
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise CityProblem("LIMIT_INVALID", field="limitValue", allowed="a whole number")
        if not 1 <= self.value <= MOST_UNITS:
            raise CityProblem("LIMIT_INVALID", field="limitValue", allowed=f"1 to {MOST_UNITS}")
        if (self.season is not None) != (self.counts is Counts.SEASON):
            raise CityProblem("LIMIT_INVALID", field="season", allowed="a season for season_day, else none")

    @property
    def seconds(self) -> int:
        """How many seconds of its own measure the limit has."""
        return self.value * UNITS[self.unit][0]

    @property
    def counts(self) -> Counts:
        return UNITS[self.unit][1]

    def row(self) -> dict[str, Any]:
        """Write the limit as it is kept on record."""
        return {"value": self.value, "unit": self.unit, "season": self.season}


def limit_from(row: Mapping[str, Any]) -> Limit:
    """Read a limit from the record."""
    return Limit(row["value"], row["unit"], row.get("season"))
