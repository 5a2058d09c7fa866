"""What phones give to plan shifts and to put absences on record."""

from __future__ import annotations

from datetime import UTC, datetime

import strawberry

from city_core.kit.problems import CityProblem


@strawberry.input(description="An absence 请假 of yourself, or of somebody of your streets.")
class SetAbsenceInput:
    client_id: strawberry.ID
    person_id: strawberry.ID | None = strawberry.field(default=None, description="Left out: yourself.")
    starts_at: datetime
    ends_at: datetime
    reason: str
    deputy_id: strawberry.ID | None = strawberry.field(
        default=None, description="A colleague of the same post and area who is told instead 代理人."
    )
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="The early end of an absence 销假.")
class EndAbsenceInput:
    absence_id: strawberry.ID
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="One shift 班次, of at most 36 hours.")
class ShiftInput:
    starts_at: datetime
    ends_at: datetime


@strawberry.input(
    description="The shifts of a person that begin within a span; they replace what was planned."
)
class PlanShiftsInput:
    client_id: strawberry.ID
    person_id: strawberry.ID
    starts_at: datetime
    ends_at: datetime
    shifts: list[ShiftInput]


def instant(value: datetime, field: str) -> datetime:
    """Accept an instant that says how it stands to UTC."""
    try:
        if value.tzinfo is not None:
            return value.astimezone(UTC)
    except OverflowError:
        pass
    raise CityProblem("REQUEST_INVALID", field=field, allowed="an instant with its offset from UTC")
