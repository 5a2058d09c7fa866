"""A census over the village: how it is planned, taken and finished in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from city_core.census.campaigns.plan_campaign import CampaignDraft, plan_campaign
from city_core.census.campaigns.queries import GridProgress
from city_core.census.campaigns.tasks import assign_census_task, finish_census_task
from city_core.kit.mongo import Row
from tests.integration.census.town import COVER, IN_EAST, Town
from tests.village import COMMUNITY, RESPONSIBILITY

TODAY = date(2026, 11, 2)
WEST_COVER, WEST_OTHER, EAST_COVER = "3703030102000001", "3703030102000002", "3703030102000003"
DRAFT = CampaignDraft("井盖普查", "CHECK_ALL", [COVER], [COMMUNITY], TODAY, TODAY + timedelta(days=9))


async def planned(town: Town, who: str = "leader-1", **more: Any) -> Row:
    return await plan_campaign(town.city, town[who], town.command(), replace(DRAFT, **more))


async def with_covers(town: Town) -> None:
    await town.stands(WEST_COVER, (118.052, 36.802))
    await town.stands(WEST_OTHER, (118.053, 36.803))
    await town.stands(EAST_COVER, IN_EAST)
    await town.stands("3703030137000001", (118.054, 36.804))


async def assign(
    town: Town, campaign: Row, who: str, grid: str = RESPONSIBILITY, person: str | None = None
) -> GridProgress:
    given = {"campaign_id": campaign["_id"], "grid_id": grid, "person_id": person}
    return await assign_census_task(town.city, town[who], town.command(), **given)


async def finish(town: Town, campaign: Row, who: str, grid: str = RESPONSIBILITY) -> GridProgress:
    given = {"campaign_id": campaign["_id"], "grid_id": grid}
    return await finish_census_task(town.city, town[who], town.command(), **given)
