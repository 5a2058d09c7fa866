"""Nothing that is asked about components, or that a census counts, looks through a whole collection."""

from __future__ import annotations

from datetime import date, timedelta

from city_core.cases.components.here import components_here
from city_core.cases.components.past_cases import past_cases
from city_core.census import given as census
from city_core.census.campaigns.end_campaign import end_campaign
from city_core.census.campaigns.plan_campaign import CampaignDraft, plan_campaign
from city_core.census.campaigns.queries import (
    campaigns,
    grids_of_campaign,
    my_census_tasks,
    units_of_campaign,
)
from city_core.census.campaigns.tasks import assign_census_task
from city_core.census.read_components import without_owner
from city_core.places.components.queries import components_in_photo, photos_of_components
from city_core.places.locate import GivenPoint
from tests.integration.census.town import COVER, Town, added, changing, checking
from tests.village import INSIDE, RESPONSIBILITY, STREET

TODAY = date(2026, 11, 2)
_READ = ("components", "campaigns", "census_tasks", "unit_grids", "cases")


async def test_every_question_has_its_index(town: Town) -> None:
    city, inspector, leader = town.city, town["inspector-1"], town["leader-1"]
    for number in range(30):
        place = (118.051 + number / 10_000, 36.803)
        await town.stands(f"3703030102{number + 1:06d}", place, owner_is_known=number > 3)
    draft = CampaignDraft("普查", "CHECK_ALL", [COVER], [STREET], TODAY, TODAY + timedelta(days=5))
    await city.database.command("profile", 2)
    campaign = await plan_campaign(city, leader, town.command(), draft)
    row = await added(town, at=(118.058, 36.808))
    [media_id] = row["history"][0]["media_ids"]
    await census.check(city, inspector, town.command(), checking(row["_id"]))
    await census.change(city, inspector, town.command(), changing(row["_id"], state="DAMAGED"))
    await components_here(city, inspector, GivenPoint(*INSIDE), type_code=COVER)
    await past_cases(city, inspector, [row["_id"]])
    await without_owner(city, leader, STREET, first=2)
    await photos_of_components(city, [media_id])
    assert await components_in_photo(city, media_id, "inspector-1", ("state",))
    assert await my_census_tasks(city, inspector)
    assert await grids_of_campaign(city, leader, campaign["_id"])
    await units_of_campaign(city, leader, campaign["_id"], first=10)
    given = {"campaign_id": campaign["_id"], "grid_id": RESPONSIBILITY}
    await assign_census_task(city, inspector, town.command(), **given)
    for who in ("inspector-1", "administrator-1"):
        await campaigns(city, town[who], first=5)
    await end_campaign(city, leader, campaign["_id"], town.command())
    await city.database.command("profile", 0)
    seen = set()
    async for asked in city.database["system.profile"].find({"planSummary": {"$exists": True}}):
        collection = asked["ns"].split(".", 1)[1]
        if collection in _READ:
            seen.add(collection)
            assert "COLLSCAN" not in asked["planSummary"], asked["command"]
            assert asked.get("docsExamined", 0) <= 40, asked["command"]
    assert seen == set(_READ)
    plans = [
        row["planSummary"]
        async for row in city.database["system.profile"].find({"planSummary": {"$ne": None}})
    ]
    assert any("component_code" in plan for plan in plans)
    assert any("grid_code" in plan for plan in plans)
    assert any("street_code: 1, _id: 1" in plan for plan in plans)
