"""Saying where one is."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.nearby.inputs import ReportPositionInput
from city_api.nearby.types import ReportedPosition
from city_api.results import result_of
from city_core.kit.mongo import Row
from city_core.people.positions import Fix
from city_core.people.report_position import report_position


@strawberry.type
class NearbyMutations:
    @strawberry.mutation(
        graphql_type=result_of("ReportPosition", ReportedPosition),
        description="Say where you are 上报定位, on duty in the field; a late fix overwrites none.",
    )
    async def report_position(self, info: Info, input: ReportPositionInput) -> Row:
        fixes = [Fix(fix.lng, fix.lat, fix.at, fix.datum.value, fix.accuracy_m) for fix in input.fixes]
        return await report_position(info.context.city, await info.context.actor(), fixes)
