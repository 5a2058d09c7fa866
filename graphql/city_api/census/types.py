"""A census 专项普查, its tasks and its coverage."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored
from city_core.census.campaigns.model import CampaignGoal, CampaignState
from city_core.census.campaigns.queries import GridProgress, grids_of_campaign
from city_core.census.campaigns.running import state_of
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context


@strawberry.type(description="What a census has to count in some place.")
class CensusCoverage:
    known: int = computed(lambda coverage, _: coverage.known, description="Components of its types there.")
    checked: int = computed(lambda coverage, _: coverage.checked, description="Of these, since it began.")
    left: int = computed(lambda coverage, _: coverage.left)
    added: int = computed(lambda coverage, _: coverage.added)
    moved: int = computed(lambda coverage, _: coverage.moved, description="Moved to there, or within.")
    retired: int = computed(lambda coverage, _: coverage.retired)


def _of_task(name: str) -> Any:
    def read(one: GridProgress, _: Any) -> Any:
        return (one.task or {}).get(name)

    return read


@strawberry.type(description="A task of a census 普查任务: one responsibility grid 责任网格.")
class CensusTask:
    campaign_id: strawberry.ID = computed(lambda one, _: one.campaign["_id"])
    campaign_name: str = computed(lambda one, _: one.campaign["name"])
    goal: CampaignGoal = computed(lambda one, _: one.campaign["goal"])
    type_codes: list[str] = computed(lambda one, _: one.campaign["type_codes"])
    to_day: str = computed(lambda one, _: one.campaign["to_day"], description="Its last day, YYYY-MM-DD.")
    grid_id: strawberry.ID = computed(lambda one, _: one.grid["responsibility_grid_id"])
    street_code: str = computed(lambda one, _: one.grid["street_code"])
    unit_grid_codes: list[str] = computed(lambda one, _: one.grid["unit_grid_codes"])
    assignee_id: strawberry.ID | None = computed(_of_task("assignee_id"), description="Whoever took it.")
    assignee_name: str | None = computed(
        lambda one, context: context.names.name((one.task or {}).get("assignee_id")), later=True
    )
    done_at: datetime | None = computed(_of_task("done_at"), description="When it was said to be done.")
    coverage: CensusCoverage = computed(lambda one, _: one.coverage)
    is_done: bool = computed(lambda one, _: one.is_done)
    is_behind: bool = computed(
        lambda one, _: one.is_behind,
        description="Less of it is checked than of the days has passed; not done when the census is over.",
    )


async def _grids(campaign: Row, context: Context) -> list[GridProgress]:
    return await grids_of_campaign(context.city, context.viewer, campaign["_id"])


@strawberry.type(description="A census campaign 专项普查.")
class Campaign:
    id: strawberry.ID = stored("_id")
    name: str = stored("name")
    goal: CampaignGoal = stored("goal")
    state: CampaignState = computed(lambda row, context: state_of(row, context.now))
    type_codes: list[str] = stored("type_codes")
    area_codes: list[str] = stored("area_codes")
    street_codes: list[str] = stored("street_codes")
    person_ids: list[strawberry.ID] = stored("person_ids", "None: the inspectors of each grid.")
    from_day: str = stored("from_day", "YYYY-MM-DD.")
    to_day: str = stored("to_day", "YYYY-MM-DD, the last one.")
    ended_at: datetime | None = stored("ended_at", "When it was ended before its last day.")


@strawberry.type(description="A census with its grids.")
class CampaignProgress:
    campaign: Campaign = computed(lambda row, _: row)
    grids: list[CensusTask] = computed(
        _grids, later=True, description="Each of its responsibility grids; those that are behind come first."
    )


@strawberry.type(description="A page of censuses, the newest first.")
class CampaignConnection:
    nodes: list[Campaign] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


def _degrees(axis: int) -> Any:
    def read(row: Row, _: Any) -> float | None:
        return None if row["centre"] is None else row["centre"]["coordinates"][axis]

    return read


@strawberry.type(description="A unit grid 单元网格 on the coverage map of a census.")
class CoveredGrid:
    code: strawberry.ID = stored("_id")
    lng: float | None = computed(_degrees(0), description="Its middle, WGS-84.")
    lat: float | None = computed(_degrees(1))
    coverage: CensusCoverage = stored("coverage")
    is_done: bool = computed(lambda row, _: row["coverage"].left == 0, description="None is left to check.")


@strawberry.type(description="A page of the coverage map, by code.")
class CoverageConnection:
    nodes: list[CoveredGrid] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))
