"""What citizens do with what they have of their own."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.citizens.types import CollectedPoints
from city_api.context import Info
from city_api.results import result_of
from city_core.citizens.collect_points import collect_points


@strawberry.input(description="The claim 匿名凭证 whose points are to be collected.")
class CollectPointsInput:
    claim_secret: str
    request_id: strawberry.ID = strawberry.field(
        description="A UUID made by the phone: the same one never collects twice."
    )
    device_time: datetime | None = None


@strawberry.type
class CitizenMutations:
    @strawberry.mutation(
        graphql_type=result_of("CollectPoints", CollectedPoints),
        description="Move the points of anonymous reports to one's own account 归集积分.",
    )
    async def collect_points(self, info: Info, input: CollectPointsInput) -> int:
        context = info.context
        command = context.command(input.request_id, input.device_time)
        return await collect_points(
            context.city, await context.actor(), command, claim_secret=input.claim_secret
        )
