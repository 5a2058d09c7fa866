"""Reads for those who watch over cases."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.enums import Watch
from city_api.rows import stored_fields
from city_api.supervision.types import OpenSupervisionConnection, WatchedCaseConnection
from city_core.cases.watch_queries import cases_to_watch, supervisions_open


@strawberry.type
class SupervisionQueries:
    @strawberry.field(
        graphql_type=WatchedCaseConnection,
        description="The cases of your streets that nobody has, then the red, then the yellow ones.",
    )
    async def cases_to_watch(
        self, info: Info, first: int = 20, after: str | None = None, watch: Watch | None = None
    ) -> object:
        context = info.context
        fields = stored_fields(info, "Case", ["nodes", "case"])
        return await cases_to_watch(
            context.city, await context.actor(), first=first, after=after, watch=watch, fields=fields
        )

    @strawberry.field(
        graphql_type=OpenSupervisionConnection,
        description="Supervisions and urgings without a receipt: those that you sent, or were sent.",
    )
    async def supervisions_open(
        self, info: Info, to_me: bool = False, first: int = 20, after: str | None = None
    ) -> object:
        context = info.context
        return await supervisions_open(
            context.city, await context.actor(), to_me=to_me, first=first, after=after
        )
