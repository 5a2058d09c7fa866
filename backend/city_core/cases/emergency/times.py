"""When an emergency may begin and end: it always ends by itself, and never later than in thirty days."""

from __future__ import annotations

from datetime import datetime, timedelta

from city_core.kit.problems import CityProblem

LONGEST = timedelta(days=30)
_SHORTEST = timedelta(minutes=1)
_LATE_COMMAND = timedelta(minutes=10)  # a phone's command may have been on its way for so long


def checked_times(starts_at: datetime | None, ends_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Accept begin and end of an emergency (UTC); without a begin it begins now."""
    begins = now if starts_at is None else starts_at
    if not now - _LATE_COMMAND <= begins <= now + LONGEST:
        raise CityProblem("EMERGENCY_TIME_INVALID", field="startsAt", allowed="from now to 30 days ahead")
    begins = max(begins, now)
    return begins, checked_end(ends_at, begins)


def checked_end(ends_at: datetime, begins: datetime) -> datetime:
    """Accept the end of an emergency: after its begin, within thirty days."""
    if not begins + _SHORTEST <= ends_at <= begins + LONGEST:
        allowed = f"until {(begins + LONGEST).isoformat(timespec='minutes')} at the latest"
        raise CityProblem("EMERGENCY_TIME_INVALID", field="endsAt", allowed=allowed)
    return ends_at
