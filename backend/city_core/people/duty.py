"""Who may be told something now: not the disabled, the absent, or those off duty or outside their shifts.

Pure rules over stored rows. Somebody for whom no shift is planned in a week is not bound to shifts in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from city_core.kit.calendar import BEIJING

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Duty:
    """The shifts of the week and the absences of the moment, by person."""

    shifts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    absences: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def may_be_told(self, person: Row, at: datetime) -> bool:
        """Tell whether a person may be told something now."""
        own = person["_id"]
        return may_be_told(person, self.shifts.get(own, ()), self.absences.get(own, ()), at)

    def deputy_of(self, person_id: str, at: datetime) -> str | None:
        """Name who stands in for an absent person."""
        absences = self.absences.get(person_id, ())
        return next((row["deputy_id"] for row in absences if is_absent(row, at) and row["deputy_id"]), None)

    def shift_of(self, person_id: str, at: datetime) -> Row | None:
        """Find the shift that a person works now."""
        return next((row for row in self.shifts.get(person_id, ()) if covers(row, at)), None)


def may_be_told(person: Row, shifts: Sequence[Row], absences: Sequence[Row], at: datetime) -> bool:
    """Tell whether a person may be told something: on duty, present, and in their shift if they have any."""
    if person["disabled"] or not person["on_duty"]:
        return False
    if any(is_absent(row, at) for row in absences):
        return False
    this_week = [row for row in shifts if _meets_week(row, at)]
    return not this_week or any(covers(row, at) for row in this_week)


def is_absent(absence: Row, at: datetime) -> bool:
    """Tell whether an absence holds now; one that was ended early holds no more."""
    ended_at = absence.get("ended_at")
    return covers(absence, at) and (ended_at is None or at < ended_at)


def covers(period: Row, at: datetime) -> bool:
    """Tell whether an instant lies in a period; its end does not."""
    return bool(period["starts_at"] <= at < period["ends_at"])


def week_of(at: datetime) -> tuple[datetime, datetime]:
    """Give the week of an instant, Monday to Monday in Beijing (UTC)."""
    day = at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    return monday.astimezone(UTC), (monday + timedelta(days=7)).astimezone(UTC)


def _meets_week(shift: Row, at: datetime) -> bool:
    begins, ends = week_of(at)
    return bool(shift["starts_at"] < ends and shift["ends_at"] > begins)
