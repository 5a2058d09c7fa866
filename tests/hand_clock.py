"""A clock that a test sets and turns."""

from __future__ import annotations

from datetime import datetime, timedelta

from city_core.kit.calendar import BEIJING


class HandClock:
    """Stands still until the test moves it."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def turn(self, **span: float) -> None:
        """Move it on, by hours=2 for example."""
        self.instant += timedelta(**span)

    def set(self, instant: datetime) -> None:
        self.instant = instant


def beijing(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """Name an instant of spring 2026 by its local day and time; 2 March is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)
