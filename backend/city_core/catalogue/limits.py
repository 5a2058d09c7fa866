"""How long handling may take: a number of one unit, with the units that the city counts in."""

from __future__ import annotations

from dataclasses import dataclass

# Urgent units run day and night, work units in working hours (a work day has eight of them), natural days
# by the calendar, season days only in their season, such as the planting season.
LIMIT_UNITS = (
    "urgent_minute", "urgent_hour", "urgent_day", "work_hour", "work_day", "natural_day", "season_day",
)  # fmt: skip
AREA_CLASSES = ("A", "B", "C")


@dataclass(frozen=True)
class Limit:
    """How long handling may take; `season` names the season of a limit in season days."""

    value: int
    unit: str
    season: str | None = None
