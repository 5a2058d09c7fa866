"""Instants as phones give them: with an offset from UTC, kept in UTC to the millisecond."""

from __future__ import annotations

from datetime import UTC, datetime

from city_core.kit.problems import CityProblem


def checked_instant(instant: datetime | None, field: str = "deviceTime") -> datetime | None:
    """Accept an instant with its offset from UTC; answers it in UTC, to the millisecond that is kept."""
    if instant is None:
        return None
    try:
        if instant.tzinfo is not None:
            at = instant.astimezone(UTC)
            return at.replace(microsecond=at.microsecond // 1000 * 1000)
    except OverflowError:
        pass
    raise CityProblem("REQUEST_INVALID", field=field, allowed="an instant with its offset from UTC")


def instant_or_utc(instant: datetime | None, field: str) -> datetime | None:
    """Accept an instant that was always taken for UTC where it came without its offset."""
    is_bare = instant is not None and instant.tzinfo is None
    return checked_instant(instant.replace(tzinfo=UTC) if instant and is_bare else instant, field)
