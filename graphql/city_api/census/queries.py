"""Reads of censuses."""

from __future__ import annotations

import strawberry

from city_api.census.types import CampaignConnection, CampaignProgress, CensusTask, CoverageConnection
from city_api.context import Info
from city_core.census.campaigns.queries import (
    GridProgress,
    campaigns,
    find_campaign,
    my_census_tasks,
    units_of_campaign,
)
from city_core.kit.mongo import Row
from city_core.kit.pages import Page


@strawberry.type
class CensusQueries:
    @strawberry.field(
        graphql_type=list[CensusTask],
        description="Your tasks in the censuses 普查 that are on: grids of yours that nobody else has taken.",
    )
    async def my_census_tasks(self, info: Info) -> list[GridProgress]:
        return await my_census_tasks(info.context.city, await info.context.actor())

    @strawberry.field(graphql_type=CampaignConnection, description="The censuses 专项普查 of your area.")
    async def campaigns(self, info: Info, first: int = 20, after: str | None = None) -> Page:
        return await campaigns(info.context.city, await info.context.actor(), first=first, after=after)

    @strawberry.field(graphql_type=CampaignProgress, description="One census with how far each grid is.")
    async def campaign(self, info: Info, id: strawberry.ID) -> Row:
        return await find_campaign(info.context.city, await info.context.actor(), id)

    @strawberry.field(
        graphql_type=CoverageConnection,
        description="The coverage map 覆盖图 of a census: its unit grids, up to 500 a page.",
    )
    async def campaign_coverage(
        self, info: Info, id: strawberry.ID, first: int = 100, after: str | None = None
    ) -> Page:
        context = info.context
        return await units_of_campaign(context.city, await context.actor(), id, first=first, after=after)
