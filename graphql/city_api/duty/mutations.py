"""Planning shifts, and putting absences on record."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.duty.inputs import EndAbsenceInput, PlanShiftsInput, SetAbsenceInput, instant
from city_api.duty.types import Absence, PlannedShifts
from city_api.results import result_of
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.people.end_absence import end_absence
from city_core.people.plan_shifts import Turn, plan_shifts
from city_core.people.set_absence import set_absence


@strawberry.type
class DutyMutations:
    @strawberry.mutation(
        graphql_type=result_of("SetAbsence", Absence), description="Put an absence 请假 on record."
    )
    async def set_absence(self, info: Info, input: SetAbsenceInput) -> Row:
        return await set_absence(
            info.context.city,
            await info.context.actor(),
            checked_client_id(input.client_id),
            person_id=input.person_id,
            starts_at=instant(input.starts_at, "startsAt"),
            ends_at=instant(input.ends_at, "endsAt"),
            reason=input.reason,
            deputy_id=input.deputy_id,
        )

    @strawberry.mutation(
        graphql_type=result_of("EndAbsence", Absence), description="End an absence before its time 销假."
    )
    async def end_absence(self, info: Info, input: EndAbsenceInput) -> Row:
        return await end_absence(info.context.city, await info.context.actor(), input.absence_id)

    @strawberry.mutation(
        graphql_type=result_of("PlanShifts", PlannedShifts),
        description="Plan the shifts 排班 of somebody of your streets for a span of days.",
    )
    async def plan_shifts(self, info: Info, input: PlanShiftsInput) -> list[Row]:
        turns = [
            Turn(instant(row.starts_at, "shifts"), instant(row.ends_at, "shifts")) for row in input.shifts
        ]
        return await plan_shifts(
            info.context.city,
            await info.context.actor(),
            checked_client_id(input.client_id),
            person_id=input.person_id,
            starts_at=instant(input.starts_at, "startsAt"),
            ends_at=instant(input.ends_at, "endsAt"),
            turns=turns,
        )
