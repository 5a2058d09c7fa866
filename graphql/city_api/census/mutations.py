"""A census is planned and ended; its grids are taken and done."""

from __future__ import annotations

import strawberry

from city_api.census.inputs import (
    AssignCensusTaskInput,
    EndCampaignInput,
    FinishCensusTaskInput,
    PlanCampaignInput,
)
from city_api.census.types import Campaign, CensusTask
from city_api.context import Info
from city_api.results import result_of
from city_core.census.campaigns.end_campaign import end_campaign
from city_core.census.campaigns.plan_campaign import CampaignDraft, plan_campaign
from city_core.census.campaigns.queries import GridProgress
from city_core.census.campaigns.tasks import assign_census_task, finish_census_task
from city_core.kit.mongo import Row


@strawberry.type
class CensusMutations:
    @strawberry.mutation(
        graphql_type=result_of("PlanCampaign", Campaign),
        description="Plan a census 专项普查; leaders for their own streets, administrators for all.",
    )
    async def plan_campaign(self, info: Info, input: PlanCampaignInput) -> Row:
        context = info.context
        draft = CampaignDraft(
            name=input.name,
            goal=input.goal.value,
            type_codes=input.type_codes,
            area_codes=input.area_codes,
            from_day=input.from_day,
            to_day=input.to_day,
            person_ids=input.person_ids,
        )
        return await plan_campaign(context.city, await context.actor(), context.command_of(input), draft)

    @strawberry.mutation(
        graphql_type=result_of("EndCampaign", Campaign), description="End a census before its last day."
    )
    async def end_campaign(self, info: Info, input: EndCampaignInput) -> Row:
        context = info.context
        command = context.command_of(input)
        return await end_campaign(context.city, await context.actor(), input.campaign_id, command)

    @strawberry.mutation(
        graphql_type=result_of("AssignCensusTask", CensusTask),
        description="Take a grid of a census on yourself 领取, or as a leader give it to an inspector.",
    )
    async def assign_census_task(self, info: Info, input: AssignCensusTaskInput) -> GridProgress:
        context = info.context
        return await assign_census_task(
            context.city,
            await context.actor(),
            context.command_of(input),
            campaign_id=input.campaign_id,
            grid_id=input.grid_id,
            person_id=input.person_id,
        )

    @strawberry.mutation(
        graphql_type=result_of("FinishCensusTask", CensusTask),
        description="Say that a grid of a census is done; where all are to be checked, none may be left.",
    )
    async def finish_census_task(self, info: Info, input: FinishCensusTaskInput) -> GridProgress:
        context = info.context
        return await finish_census_task(
            context.city,
            await context.actor(),
            context.command_of(input),
            campaign_id=input.campaign_id,
            grid_id=input.grid_id,
            note=input.note,
        )
