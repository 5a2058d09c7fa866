"""Until when a filed case has to be handled (GB/T 30428.8 practice).

Urgent units run day and night; work units run in the city's working hours, a work day being eight of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from city_core.catalogue.limits import Limit
from city_core.kit.calendar import WorkCalendar

__all__ = ["Limit", "deadline"]

_MINUTES_PER_UNIT = {
    "urgent_minute": 1, "urgent_hour": 60, "urgent_day": 24 * 60, "work_hour": 60, "work_day": 8 * 60,
    "natural_day": 24 * 60,
}  # fmt: skip
_AROUND_THE_CLOCK = frozenset({"urgent_minute", "urgent_hour", "urgent_day", "natural_day"})


def deadline(filed_at: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """Find the instant at which the time of a case is used up (UTC)."""
    if limit.unit == "season_day":
        return calendar.add_season_days(filed_at, limit.value, limit.season or "")
    minutes = limit.value * _MINUTES_PER_UNIT[limit.unit]
    if limit.unit in _AROUND_THE_CLOCK:
        return filed_at + timedelta(minutes=minutes)
    return calendar.add_working_minutes(filed_at, minutes)
