"""Shifts, absences and people on duty."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases.words import role_name
from city_api.enums import Role
from city_api.people.types import Department
from city_api.rows import computed, stored
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context


def _department(person: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(person["department_id"] or ""))


@strawberry.type(description="Somebody on duty 值班.")
class PersonOnDuty:
    id: strawberry.ID = stored("_id")
    name: str = stored("name")
    role: Role = stored("role")
    role_name: str = computed(lambda person, context: role_name(person["role"], context.language))
    department: Department | None = computed(_department)
    shift_ends_at: datetime | None = stored("shift_ends_at", "Nothing where no shift is planned.")


@strawberry.type(description="A planned shift 班次.")
class Shift:
    id: strawberry.ID = stored("_id")
    person_id: strawberry.ID = stored("person_id")
    starts_at: datetime = stored("starts_at")
    ends_at: datetime = stored("ends_at")


@strawberry.type(description="The shifts of a person in the span that was planned.")
class PlannedShifts:
    shifts: list[Shift] = computed(lambda rows, _: rows)


@strawberry.type(description="An absence 请假; for the person and for those who plan for them.")
class Absence:
    id: strawberry.ID = stored("_id")
    person_id: strawberry.ID = stored("person_id")
    starts_at: datetime = stored("starts_at")
    ends_at: datetime = stored("ends_at")
    ended_at: datetime | None = stored("ended_at", "When it was ended before its time.")
    reason: str = stored("reason")
    deputy_name: str | None = computed(
        lambda row, context: context.names.name(row["deputy_id"]), later=True, description="Deputy 代理人."
    )
