"""Until when a filed case has to be handled (GB/T 30428.8 practice).

Urgent units run day and night; work units run in the city's working hours, a work day being eight of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from city_core.kit.calendar import WorkCalendar

MINUTES_PER_UNIT = {"urgent_hour": 60, "urgent_day": 24 * 60, "work_hour": 60, "work_day": 8 * 60}


@dataclass(frozen=True)
class Limit:
    """How long handling may take: a number of one unit."""

    value: int
    unit: str
    season: str | None = None

    def row(self) -> dict[str, Any]:
        """Write the limit down as it is kept on record."""
        return {"value": self.value, "unit": self.unit, "season": self.season}


# A type without a filing condition in the reference data gets the limit that most conditions of the sampled
# city standard have (143 of 519): one work day.
LIMIT_WITHOUT_CONDITION = Limit(1, "work_day")


def deadline(filed_at: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """Find the instant at which the time of a case is used up (UTC)."""
    minutes = limit.value * MINUTES_PER_UNIT[limit.unit]
    if limit.unit.startswith("urgent"):
        return filed_at + timedelta(minutes=minutes)
    return calendar.add_working_minutes(filed_at, minutes)
