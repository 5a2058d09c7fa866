"""Reads of the rules of the city, for seats, leaders and the keeper."""

from __future__ import annotations

from typing import Any

import strawberry

from city_api.context import Info
from city_api.rulebooks.types import Rulebook, RulebookSummary, RulebookVersionsPage
from city_core.bootstrap import RULEBOOKS
from city_core.kit.pages import Page
from city_core.rules import queries
from city_core.rules.queries import RulebookView


@strawberry.type
class RulebookQueries:
    @strawberry.field(graphql_type=list[RulebookSummary], description="The rulebooks 规则 of the city.")
    async def rulebooks(self, info: Info) -> list[Any]:
        context = info.context
        return list(await queries.rulebooks(context.city, RULEBOOKS, await context.actor()))

    @strawberry.field(
        graphql_type=Rulebook, description="One version of a rulebook; the one in force unless named."
    )
    async def rulebook(self, info: Info, name: strawberry.ID, version: int | None = None) -> RulebookView:
        context = info.context
        return await queries.rulebook(context.city, RULEBOOKS, await context.actor(), name, version)

    @strawberry.field(
        graphql_type=RulebookVersionsPage, description="What was published of a rulebook, newest first."
    )
    async def rulebook_versions(
        self, info: Info, name: strawberry.ID, first: int = 20, after: str | None = None
    ) -> Page:
        context = info.context
        actor = await context.actor()
        return await queries.rulebook_versions(context.city, RULEBOOKS, actor, name, first=first, after=after)
