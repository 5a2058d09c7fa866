"""Who is on duty, planned shifts and absences."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.context import Info
from city_api.duty.inputs import instant
from city_api.duty.types import Absence, PersonOnDuty, Shift
from city_core.kit.mongo import Row
from city_core.people.duty_queries import absences_of, shifts_of, who_is_on_duty


@strawberry.type
class DutyQueries:
    @strawberry.field(
        graphql_type=list[PersonOnDuty],
        description="Who is on duty 值班 for one of your streets, now or then.",
    )
    async def who_is_on_duty(self, info: Info, street_code: str, at: datetime | None = None) -> list[Row]:
        context = info.context
        when = context.now if at is None else instant(at, "at")
        return await who_is_on_duty(context.city, await context.actor(), street_code, when)

    @strawberry.field(
        graphql_type=list[Shift],
        description="The shifts to come of yourself, or of somebody of your streets; 100 at most.",
    )
    async def shifts(self, info: Info, person_id: strawberry.ID | None = None) -> list[Row]:
        return await shifts_of(info.context.city, await info.context.actor(), person_id)

    @strawberry.field(
        graphql_type=list[Absence],
        description="The absences of yourself, or of somebody of your streets, that are not over.",
    )
    async def absences(self, info: Info, person_id: strawberry.ID | None = None) -> list[Row]:
        return await absences_of(info.context.city, await info.context.actor(), person_id)
