"""Asks about deadlines."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.deadlines.readers import explained
from city_api.deadlines.types import DeadlineExplanation
from city_api.enums import ClockName
from city_core.cases.explain_deadline import explain_deadline
from city_core.kit.mongo import Row


@strawberry.type
class DeadlineQueries:
    @strawberry.field(
        graphql_type=DeadlineExplanation, description="Why a case that you may see is due when it is."
    )
    async def explain_deadline(
        self, info: Info, case_id: strawberry.ID, clock: ClockName = ClockName.CASE
    ) -> Row:
        context = info.context
        return explained(await explain_deadline(context.city, await context.actor(), case_id, clock))
