"""A census: planned by whoever leads there, done grid by grid, counted from the components themselves."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import date, timedelta

from city_core.cases.command import Command
from city_core.census import given as census
from city_core.census.campaigns.end_campaign import end_campaign
from city_core.census.campaigns.model import Campaign, CampaignState, CensusTask
from city_core.census.campaigns.plan_campaign import plan_campaign
from city_core.census.campaigns.queries import (
    campaigns,
    grids_of_campaign,
    my_census_tasks,
    units_of_campaign,
)
from city_core.census.campaigns.running import state_of
from tests.integration.census.census import (
    DRAFT,
    EAST_COVER,
    TODAY,
    WEST_COVER,
    WEST_OTHER,
    assign,
    finish,
    planned,
    with_covers,
)
from tests.integration.census.town import (
    COVER,
    EAST,
    EAST_GRID,
    LAMP,
    Town,
    added,
    changing,
    checking,
    point,
)
from tests.refusals import refused
from tests.village import COMMUNITY, GRID, RESPONSIBILITY, STREET


async def test_a_census_is_planned_once_with_the_grids_of_its_areas(town: Town) -> None:
    command = town.command()
    first = await plan_campaign(town.city, town["leader-1"], command, DRAFT)
    again = await plan_campaign(town.city, town["leader-1"], command, DRAFT)
    assert first["_id"] == again["_id"]
    grids = {grid["responsibility_grid_id"]: grid["unit_grid_codes"] for grid in first["grids"]}
    assert grids == {RESPONSIBILITY: [GRID], EAST_GRID: [EAST]}
    assert state_of(first, town.clock.now()) is CampaignState.RUNNING
    assert state_of(first, first["ends_at"]) is CampaignState.ENDED
    assert state_of(await planned(town, from_day=TODAY + timedelta(days=1)), town.clock.now()) == "PLANNED"
    other = replace(DRAFT, name="路灯普查")
    await refused("COMMAND_REUSED", plan_campaign(town.city, town["leader-1"], command, other))
    for area, units in ((STREET, 2), ("370303", 2), (EAST, 1)):
        found = await planned(town, "administrator-1", area_codes=[area])
        assert sum(len(grid["unit_grid_codes"]) for grid in found["grids"]) == units
    Campaign.model_validate(first)


async def test_a_census_that_makes_no_sense_is_refused(town: Town) -> None:
    for who in ("inspector-1", "dispatcher-1", "citizen-1"):
        await refused("NOT_ALLOWED", planned(town, who))
    elsewhere = replace(town["leader-1"], street_codes=frozenset({"370303002"}))
    town.people["leader-elsewhere"] = elsewhere
    await refused("NOT_ALLOWED", planned(town, "leader-elsewhere"))
    await refused("AREA_UNKNOWN", planned(town, area_codes=["370303009"]))
    await refused("CAMPAIGN_INVALID", planned(town, area_codes=[]))
    await refused("CAMPAIGN_INVALID", planned(town, type_codes=[]))
    await refused("TYPE_UNKNOWN", planned(town, type_codes=["E0110"]))
    await refused("CAMPAIGN_INVALID", planned(town, to_day=TODAY - timedelta(days=1)))
    await refused("CAMPAIGN_INVALID", planned(town, to_day=date(2028, 1, 1)))
    await refused("CAMPAIGN_INVALID", planned(town, from_day=date(2020, 1, 1)))
    await refused("PERSON_UNKNOWN", planned(town, person_ids=["officer-1"]))
    assert await town.city.database.campaigns.count_documents({}) == 0


async def test_coverage_is_counted_from_the_components(town: Town) -> None:
    await with_covers(town)
    inspector = town["inspector-1"]
    await census.check(town.city, inspector, town.command(), checking(WEST_OTHER))
    town.clock.turn(hours=1)
    campaign = await planned(town, type_codes=[COVER, LAMP])
    mine = (await my_census_tasks(town.city, inspector))[0]
    assert (mine.coverage.known, mine.coverage.checked, mine.is_done) == (3, 0, False)
    await census.check(town.city, inspector, town.command(), checking(WEST_COVER, "DAMAGED"))
    await census.check(town.city, inspector, town.command(), checking(WEST_COVER))
    fresh = await added(town, at=(118.057, 36.807))
    away = {"component_code": WEST_OTHER, "state": "REMOVED", "reason": "拆除", "media_ids": []}
    await census.retire(town.city, inspector, town.command(), away)
    moved = {"component_code": fresh["_id"], "point": point((118.058, 36.807)), "note": "", "media_ids": []}
    await census.move(town.city, inspector, town.command(), moved)
    west, east = sorted(
        await grids_of_campaign(town.city, town["leader-1"], campaign["_id"]),
        key=lambda one: str(one.grid["responsibility_grid_id"]),
    )
    found = west.coverage
    assert (found.known, found.checked, found.left) == (3, 2, 1)
    assert (found.added, found.moved, found.retired) == (1, 1, 1)
    assert (east.coverage.known, east.coverage.checked) == (1, 0)
    page = await units_of_campaign(town.city, inspector, campaign["_id"], first=1)
    assert page.rows[0]["_id"] == GRID and page.rows[0]["coverage"] == found and page.has_next
    page = await units_of_campaign(town.city, inspector, campaign["_id"], first=1, after=page.end_cursor)
    assert page.rows[0]["_id"] == EAST and not page.has_next
    row = await town.component(WEST_COVER)
    assert {change["campaign_id"] for change in row["history"]} == {campaign["_id"]}


async def test_a_census_goes_on_in_grids_that_were_drawn_anew(town: Town) -> None:
    await with_covers(town)
    campaign = await planned(town)
    new = f"{COMMUNITY}101"
    await town.city.database.unit_grids.update_one({"_id": GRID}, {"$set": {"replaced_by": [new]}})
    grid = await town.city.database.unit_grids.find_one({"_id": GRID})
    assert grid is not None
    await town.city.database.unit_grids.insert_one({**grid, "_id": new, "replaced_by": []})
    await town.city.database.components.update_many({"grid_code": GRID}, {"$set": {"grid_code": new}})
    row = await census.check(town.city, town["inspector-1"], town.command(), checking(WEST_COVER))
    assert row["history"][-1]["campaign_id"] == campaign["_id"]
    [task] = await my_census_tasks(town.city, town["inspector-1"])
    assert (task.coverage.known, task.coverage.checked) == (2, 1)


async def test_a_grid_is_taken_by_one_and_done_when_nothing_is_left(town: Town) -> None:
    await with_covers(town)
    campaign = await planned(town)
    both = replace(town["inspector-1"], person_id="inspector-3")
    town.people["inspector-3"] = both
    tries = await asyncio.gather(
        assign(town, campaign, "inspector-1"), assign(town, campaign, "inspector-3"), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in tries) == ["CityProblem", "GridProgress"]
    await refused("CENSUS_TASK_UNKNOWN", assign(town, campaign, "inspector-1", EAST_GRID))
    await refused("CENSUS_TASK_UNKNOWN", assign(town, campaign, "inspector-1", "nowhere"))
    await refused("NOT_ALLOWED", assign(town, campaign, "dispatcher-1", person="inspector-1"))
    await refused("PERSON_UNKNOWN", assign(town, campaign, "leader-1", person="inspector-far"))
    await assign(town, campaign, "leader-1", person="inspector-1")
    assert await my_census_tasks(town.city, town["inspector-3"]) == []
    await refused("CENSUS_TASK_TAKEN", finish(town, campaign, "inspector-3"))
    problem = await refused("CENSUS_NOT_DONE", finish(town, campaign, "inspector-1"))
    assert "2 left" in str(problem.allowed)
    for code in (WEST_COVER, WEST_OTHER):
        await census.check(town.city, town["inspector-1"], town.command(), checking(code))
    done = await finish(town, campaign, "inspector-1")
    assert done.is_done and done.task is not None and done.task["done_at"] == town.clock.now()
    CensusTask.model_validate(await town.city.database.census_tasks.find_one({}))


async def test_who_is_named_alone_does_a_census(town: Town) -> None:
    campaign = await planned(town, person_ids=["inspector-2"])
    assert await my_census_tasks(town.city, town["inspector-1"]) == []
    assert len(await my_census_tasks(town.city, town["inspector-2"])) == 1
    await refused("CENSUS_TASK_UNKNOWN", assign(town, campaign, "inspector-1"))


async def test_what_is_behind_comes_first_and_a_census_ends_by_its_day(town: Town) -> None:
    await with_covers(town)
    campaign = await planned(town)
    leader = town["leader-1"]
    await census.check(town.city, town["inspector-2"], town.command(), checking(EAST_COVER))
    town.clock.turn(days=4)
    west, east = await grids_of_campaign(town.city, leader, campaign["_id"])
    assert (west.grid["responsibility_grid_id"], west.is_behind) == (RESPONSIBILITY, True)
    assert (east.is_behind, east.is_done) == (False, True)
    await refused("NOT_ALLOWED", grids_of_campaign(town.city, town["inspector-1"], campaign["_id"]))
    town.clock.set(campaign["ends_at"])
    assert await my_census_tasks(town.city, town["inspector-1"]) == []
    await refused("CAMPAIGN_OVER", finish(town, campaign, "inspector-1"))
    await refused("CAMPAIGN_OVER", end_campaign(town.city, leader, campaign["_id"], town.command()))
    row = await census.change(
        town.city, town["inspector-1"], town.command(), changing(WEST_COVER, state="DAMAGED")
    )
    assert row["history"][-1]["campaign_id"] is None
    queued = Command(str(uuid.uuid4()), device_time=campaign["ends_at"] - timedelta(hours=1))
    row = await census.check(town.city, town["inspector-1"], queued, checking(WEST_COVER))
    assert row["history"][-1]["campaign_id"] == campaign["_id"], "it was looked at within its days"


async def test_a_census_is_ended_by_who_leads_there(town: Town) -> None:
    campaign = await planned(town)
    command = town.command()
    await refused("NOT_ALLOWED", end_campaign(town.city, town["inspector-1"], campaign["_id"], command))
    ended = await end_campaign(town.city, town["leader-1"], campaign["_id"], command)
    again = await end_campaign(town.city, town["leader-1"], campaign["_id"], command)
    assert ended == again and ended["work"] == []
    assert (await campaigns(town.city, town["inspector-1"], first=10)).rows[0]["_id"] == campaign["_id"]
    assert (await campaigns(town.city, town["inspector-far"], first=10)).rows == []
    far = town["inspector-far"]
    await refused("CAMPAIGN_UNKNOWN", units_of_campaign(town.city, far, campaign["_id"], first=1))
