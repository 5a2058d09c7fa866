"""Leaders switch areas from normal to emergency and back 平急转换."""

from __future__ import annotations

from datetime import UTC, datetime

import strawberry

from city_api.context import Info
from city_api.emergency.inputs import EndEmergencyInput, ExtendEmergencyInput, StartEmergencyInput
from city_api.emergency.types import Emergency
from city_api.results import result_of
from city_core.cases.emergency.end import end_emergency
from city_core.cases.emergency.extend import extend_emergency
from city_core.cases.emergency.start import EmergencyOrder, start_emergency
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem


@strawberry.type
class EmergencyMutations:
    @strawberry.mutation(
        graphql_type=result_of("StartEmergency", Emergency),
        description="Switch an area to emergency 平转急, now or later, or order a drill 演练.",
    )
    async def start_emergency(self, info: Info, input: StartEmergencyInput) -> Row:
        context = info.context
        order = EmergencyOrder(
            profile=input.profile,
            name=input.name,
            area_codes=list(input.area_codes),
            ends_at=_instant(input.ends_at, "endsAt"),
            authority=input.authority,
            starts_at=None if input.starts_at is None else _instant(input.starts_at, "startsAt"),
            is_drill=input.is_drill,
        )
        command = context.command_of(input)
        return await start_emergency(context.city, await context.actor(), command, order)

    @strawberry.mutation(
        graphql_type=result_of("ExtendEmergency", Emergency), description="Let an emergency last longer 延长."
    )
    async def extend_emergency(self, info: Info, input: ExtendEmergencyInput) -> Row:
        context = info.context
        command = context.command_of(input)
        ends_at = _instant(input.ends_at, "endsAt")
        actor = await context.actor()
        return await extend_emergency(
            context.city, actor, input.emergency_id, command, ends_at=ends_at, reason=input.reason
        )

    @strawberry.mutation(
        graphql_type=result_of("EndEmergency", Emergency), description="Switch back to normal 急转平."
    )
    async def end_emergency(self, info: Info, input: EndEmergencyInput) -> Row:
        context = info.context
        command = context.command_of(input)
        actor = await context.actor()
        return await end_emergency(context.city, actor, input.emergency_id, command, reason=input.reason)


def _instant(given: datetime, field: str) -> datetime:
    """Take an instant with its offset from UTC, to the millisecond that MongoDB keeps."""
    if given.tzinfo is None:
        raise CityProblem("REQUEST_INVALID", field=field, allowed="an instant with its offset from UTC")
    try:
        at = given.astimezone(UTC)
    except OverflowError:
        raise CityProblem("REQUEST_INVALID", field=field, allowed="an instant of our time") from None
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
