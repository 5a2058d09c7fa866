"""Reads of queues."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.watching.types import WorkQueue
from city_core.bootstrap import WORK_COLLECTIONS
from city_core.kit.mongo import Row
from city_core.operation.queues import queues_of_work


@strawberry.type
class WatchingQueries:
    @strawberry.field(
        graphql_type=list[WorkQueue],
        description="The queues of work 工作队列, for the keeper of the rules: numbers only, read-only.",
    )
    async def queues(self, info: Info) -> list[Row]:
        return await queues_of_work(info.context.city, await info.context.actor(), WORK_COLLECTIONS)
