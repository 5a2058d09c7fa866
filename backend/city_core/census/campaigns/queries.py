"""Reads of censuses: of all that one may see, of one with its grids, of one's own tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.census.campaigns.coverage import Coverage, all_units, coverage_of, summed
from city_core.census.campaigns.drawn_anew import with_grids_drawn_anew
from city_core.census.campaigns.model import CAMPAIGNS, TASKS, CampaignGoal, CampaignState
from city_core.census.campaigns.running import on_at, state_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role

MOST_TASKS = 100
MOST_UNITS_A_PAGE = 500
_WATCHERS = SEATS | {Role.LEADER, Role.ADMINISTRATOR}
_LISTED = {"grids": 0, "work": 0}


@dataclass(frozen=True)
class GridProgress:
    """One responsibility grid of a census: whose task it is, and how far it is."""

    campaign: Row
    grid: Row
    task: Row | None
    coverage: Coverage
    now: datetime

    def row(self) -> Row:
        """See the task as the outcome of a command."""
        return {"_id": f"{self.campaign['_id']}:{self.grid['responsibility_grid_id']}", **(self.task or {})}

    @property
    def is_done(self) -> bool:
        """A grid is done when whoever has it says so; where all are to be checked, when none is left."""
        if self.task is not None and self.task.get("done_at") is not None:
            return True
        return self.campaign["goal"] == CampaignGoal.CHECK_ALL and self.coverage.left == 0

    @property
    def is_behind(self) -> bool:
        """A grid is behind when less of it is checked than of the days has passed."""
        state = state_of(self.campaign, self.now)
        if self.is_done or state is CampaignState.PLANNED:
            return False
        if state is CampaignState.ENDED:
            return True
        begins, ends = self.campaign["starts_at"], self.campaign["ends_at"]
        passed: float = (self.now - begins) / (ends - begins)
        return self.campaign["goal"] == CampaignGoal.CHECK_ALL and self.coverage.share < passed


async def find_campaign(city: City, actor: Actor, campaign_id: str) -> Row:
    """Find a census that somebody may see; one that is not theirs looks like one that is not there."""
    query = {"$and": [{"_id": campaign_id}, visible_campaigns(actor)]}
    found: Row | None = await city.database[CAMPAIGNS].find_one(query)
    if found is None:
        raise CityProblem("CAMPAIGN_UNKNOWN", field="campaignId", allowed="a census of your area")
    return await with_grids_drawn_anew(city, found)


async def campaigns(city: City, actor: Actor, *, first: int, after: str | None = None) -> Page:
    """List the censuses of one's area, the newest first."""
    size = checked_size(first)
    clauses = [visible_campaigns(actor)]
    if after is not None:
        clauses.append({"_id": {"$lt": keys_of(after, 1)[0]}})
    rows = city.database[CAMPAIGNS].find({"$and": clauses}, _LISTED).sort("_id", -1)
    return page_of(await rows.limit(size + 1).to_list(size + 1), size, "_id")


async def grids_of_campaign(city: City, actor: Actor, campaign_id: str) -> list[GridProgress]:
    """Show each responsibility grid of a census, those that are behind first: for whoever watches over it."""
    campaign = _own_part(actor, await _watched(city, actor, campaign_id))
    coverage = await coverage_of(city, campaign)
    found = await _progress(city, campaign, campaign["grids"], coverage)
    return sorted(found, key=lambda one: (not one.is_behind, one.grid["responsibility_grid_id"]))


async def units_of_campaign(
    city: City, actor: Actor, campaign_id: str, *, first: int, after: str | None = None
) -> Page:
    """Show the coverage map: a page of the unit grids of a census with their middle and what was counted."""
    if not 1 <= first <= MOST_UNITS_A_PAGE:
        raise CityProblem("PAGE_INVALID", field="first", allowed=f"1 to {MOST_UNITS_A_PAGE}")
    campaign = _own_part(actor, await find_campaign(city, actor, campaign_id))
    from_code = keys_of(after, 1)[0] or "" if after is not None else ""
    codes = [code for code in all_units(campaign["grids"]) if code > from_code][: first + 1]
    coverage = await coverage_of(city, campaign, codes[:first])
    found = city.database.unit_grids.find({"_id": {"$in": codes}}, {"centre": 1})
    centres = {row["_id"]: row["centre"] async for row in found}
    rows = [
        {"_id": code, "centre": centres.get(code), "coverage": coverage.get(code, Coverage())}
        for code in codes
    ]
    return page_of(rows, first, "_id")


async def my_census_tasks(city: City, actor: Actor) -> list[GridProgress]:
    """List one's tasks in the censuses that are on: one's own grids, unless somebody else has taken them."""
    if actor.role is not Role.INSPECTOR:
        return []
    now = city.clock.now()
    own_grids = {"grids.responsibility_grid_id": {"$in": sorted(actor.grid_ids)}}
    query = {"$and": [on_at(now), visible_campaigns(actor), own_grids]}
    rows = await city.database[CAMPAIGNS].find(query).sort("_id", 1).limit(MOST_TASKS).to_list(MOST_TASKS)
    found: list[GridProgress] = []
    for planned in rows:
        if planned["person_ids"] and actor.person_id not in planned["person_ids"]:
            continue
        campaign = await with_grids_drawn_anew(city, planned)
        own = [grid for grid in campaign["grids"] if grid["responsibility_grid_id"] in actor.grid_ids]
        coverage = await coverage_of(city, campaign, all_units(own))
        found += await _progress(city, campaign, own, coverage)
    return [one for one in found if _is_open_to(actor, one)][:MOST_TASKS]


async def progress_of_grid(city: City, campaign: Row, grid_id: str) -> GridProgress:
    """Show one responsibility grid of a census."""
    own = [grid for grid in campaign["grids"] if grid["responsibility_grid_id"] == grid_id]
    if not own:
        raise CityProblem("CENSUS_TASK_UNKNOWN", field="gridId", allowed="a grid of this census")
    coverage = await coverage_of(city, campaign, all_units(own))
    return (await _progress(city, campaign, own, coverage))[0]


async def _progress(
    city: City, campaign: Row, grids: Sequence[Row], coverage: Mapping[str, Coverage]
) -> list[GridProgress]:
    about: dict[str, Any] = {
        "campaign_id": campaign["_id"],
        "responsibility_grid_id": {"$in": [grid["responsibility_grid_id"] for grid in grids]},
    }
    found = city.database[TASKS].find(about, {"history": 0})
    tasks = {row["responsibility_grid_id"]: row async for row in found}
    now = city.clock.now()
    return [
        GridProgress(
            campaign,
            grid,
            tasks.get(grid["responsibility_grid_id"]),
            summed(coverage, grid["unit_grid_codes"]),
            now,
        )
        for grid in grids
    ]


async def _watched(city: City, actor: Actor, campaign_id: str) -> Row:
    if actor.role not in _WATCHERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(_WATCHERS)))
    return await find_campaign(city, actor, campaign_id)


def _own_part(actor: Actor, campaign: Row) -> Row:
    """Leave out the grids of other streets than one's own."""
    if actor.role is Role.ADMINISTRATOR:
        return campaign
    own = [grid for grid in campaign["grids"] if grid["street_code"] in actor.street_codes]
    return {**campaign, "grids": own}


def _is_open_to(actor: Actor, one: GridProgress) -> bool:
    return one.task is None or one.task["assignee_id"] in (None, actor.person_id)


def visible_campaigns(actor: Actor) -> Row:
    """Give the filter of the censuses that somebody may see: those of their streets."""
    if actor.role is Role.ADMINISTRATOR:
        return {}
    if actor.role in _WATCHERS or actor.role is Role.INSPECTOR:
        return {"street_codes": {"$in": sorted(actor.street_codes)}}
    return {"_id": None}
