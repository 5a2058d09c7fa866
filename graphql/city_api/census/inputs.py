"""What phones and desks give for a census."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from city_core.census.campaigns.model import CampaignGoal, CampaignState

strawberry.enum(CampaignGoal, description="Check all on record 逐一核查, or find what is missing 补充采集.")
strawberry.enum(CampaignState, description="How far a census 普查 is: 待开始, 进行中 or 已结束.")


@strawberry.input(description="A census 专项普查; both days belong to it.")
class PlanCampaignInput:
    client_id: strawberry.ID
    name: str
    goal: CampaignGoal
    type_codes: list[str] = strawberry.field(description="Types of components, 1 to 200.")
    area_codes: list[str] = strawberry.field(
        description="A district, streets, communities or unit grids, 1 to 200."
    )
    from_day: date
    to_day: date
    person_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Inspectors who do it; none: those of each grid."
    )


@strawberry.input(description="The end of a census before its last day.")
class EndCampaignInput:
    client_id: strawberry.ID
    campaign_id: strawberry.ID


@strawberry.input(description="Who does a responsibility grid 责任网格 of a census.")
class AssignCensusTaskInput:
    client_id: strawberry.ID
    campaign_id: strawberry.ID
    grid_id: strawberry.ID
    person_id: strawberry.ID | None = strawberry.field(default=None, description="Left out: yourself.")
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="A responsibility grid of a census is done.")
class FinishCensusTaskInput:
    client_id: strawberry.ID
    campaign_id: strawberry.ID
    grid_id: strawberry.ID
    note: str = ""
    device_time: datetime | None = None
    base_version: int | None = None
