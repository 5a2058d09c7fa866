"""Reads about routing, and the trial of a draft."""

from __future__ import annotations

from datetime import UTC, datetime

import strawberry

from city_api.context import Info
from city_api.routing.types import (
    ProposalState,
    RoutingFaultConnection,
    RoutingProposalConnection,
    RoutingTrial,
)
from city_api.rows import stored_fields
from city_core.cases.routing_queries import page_of_routing_faults, page_of_routing_proposals
from city_core.cases.try_routing import Trial, try_routing
from city_core.kit.pages import Page
from city_core.kit.problems import CityProblem


@strawberry.input(description="A draft of the routing rules 派遣规则, and the filed cases to try it on.")
class TryRoutingInput:
    csv: str = strawberry.field(description="The table routing_rules as a file.")
    since: datetime | None = strawberry.field(
        default=None, description="Left out: thirty days before the end."
    )
    until: datetime | None = strawberry.field(default=None, description="Left out: now.")


@strawberry.type
class RoutingQueries:
    @strawberry.field(
        graphql_type=RoutingFaultConnection,
        description="Cases that no rule could dispatch, in your streets; for seats and leaders.",
    )
    async def routing_faults(self, info: Info, first: int = 20, after: str | None = None) -> Page:
        context = info.context
        return await page_of_routing_faults(
            context.city,
            await context.actor(),
            first=first,
            after=after,
            fields=stored_fields(info, "Case", ["nodes", "case"]),
        )

    @strawberry.field(
        graphql_type=RoutingProposalConnection, description="Proposed rules; for the keeper of the rules."
    )
    async def routing_proposals(
        self,
        info: Info,
        state: ProposalState = ProposalState.OPEN,
        first: int = 20,
        after: str | None = None,
    ) -> Page:
        context = info.context
        return await page_of_routing_proposals(
            context.city, await context.actor(), state=state.value, first=first, after=after
        )

    @strawberry.field(
        graphql_type=RoutingTrial,
        description="Try draft rules 试运行 on filed cases, against those in force; changes nothing.",
    )
    async def try_routing(self, info: Info, input: TryRoutingInput) -> Trial:
        context = info.context
        since, until = _instant(input.since, "since"), _instant(input.until, "until")
        return await try_routing(context.city, await context.actor(), input.csv, since=since, until=until)


def _instant(given: datetime | None, field: str) -> datetime | None:
    try:
        if given is None or given.tzinfo is not None:
            return None if given is None else given.astimezone(UTC)
    except OverflowError:
        pass
    raise CityProblem("PERIOD_INVALID", field=field, allowed="an instant with its offset from UTC")
