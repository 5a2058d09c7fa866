"""Components are checked, taken away and put back; owners are settled; photos are kept."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta

from city_core.cases.command import Command
from city_core.census import given as census
from city_core.census.departments import GivenDepartments
from city_core.census.settle_owner import settle_owner
from city_core.kit.mongo import Row
from city_core.places.components.queries import components_without_owner, photos_of_components
from tests.integration.census.town import (
    Town,
    added,
    changing,
    checking,
)
from tests.refusals import refused
from tests.village import STREET

CODE = "3703030102000007"
_A_METRE = 0.000_009


async def test_what_was_seen_latest_counts(town: Town) -> None:
    await town.stands(CODE)
    an_hour_ago = town.clock.now() - timedelta(hours=1)
    late = Command(str(uuid.uuid4()), device_time=an_hour_ago)
    await census.check(town.city, town["inspector-1"], town.command(), checking(CODE, "DAMAGED"))
    row = await census.check(town.city, town["inspector-1"], late, checking(CODE, "IN_USE"))
    assert (row["state"], row["checked_at"], row["version"]) == ("DAMAGED", town.clock.now(), 3)


async def test_of_two_queued_checks_the_one_that_was_made_later_counts(town: Town) -> None:
    await town.stands(CODE)
    now = town.clock.now()
    earlier, later = (
        Command(str(uuid.uuid4()), device_time=now - timedelta(hours=hours)) for hours in (2, 1)
    )
    await census.check(town.city, town["inspector-1"], earlier, checking(CODE, "DAMAGED"))
    row = await census.check(town.city, town["inspector-1"], later, checking(CODE, "IN_USE"))
    assert (row["state"], row["checked_at"]) == ("IN_USE", now - timedelta(hours=1))


async def test_what_was_removed_is_gone_and_can_be_put_back(town: Town) -> None:
    await town.stands(CODE)

    async def retire(state: str, reason: str = "道路改造") -> Row:
        given = {"component_code": CODE, "state": state, "reason": reason, "media_ids": []}
        return await census.retire(town.city, town["inspector-1"], town.command(), given)

    await refused("REQUEST_INVALID", retire("DAMAGED"))
    await refused("TEXT_INVALID", retire("REMOVED", " "))
    assert (await retire("ABANDONED"))["state"] == "ABANDONED"
    assert (await retire("REMOVED"))["state"] == "REMOVED"
    await refused("COMPONENT_GONE", retire("REMOVED"))
    check: Callable[[], Awaitable[Row]] = lambda: census.check(  # noqa: E731
        town.city, town["inspector-1"], town.command(), checking(CODE)
    )
    await refused("COMPONENT_GONE", check())
    back = await census.change(town.city, town["inspector-1"], town.command(), changing(CODE, state="IN_USE"))
    assert back["state"] == "IN_USE" and (await check())["version"] == 5


async def test_an_owner_is_settled_by_leaders_and_administrators(town: Town) -> None:
    await town.stands(CODE, owner_department_id=None, owner_is_known=False)
    await town.stands("3703030102000008", (118.052, 36.802))
    page = await components_without_owner(town.city, STREET, first=10)
    assert [row["_id"] for row in page.rows] == [CODE]

    async def settle(who: str, **owner: str) -> Row:
        departments = GivenDepartments(**owner)
        return await settle_owner(town.city, town[who], CODE, town.command(), departments=departments)

    await refused("NOT_ALLOWED", settle("inspector-1", owner_department_id="water"))
    await refused("NOT_ALLOWED", settle("dispatcher-1", owner_department_id="water"))
    await refused("DEPARTMENT_UNKNOWN", settle("leader-1", owner_department_id="nobody"))
    await refused("REQUEST_INVALID", settle("leader-1"))
    row = await settle("leader-1", owner_department_id="water")
    assert row["owner_is_known"] and row["owner_department_id"] == "water"
    assert row["history"][-1]["before"]["owner_is_known"] is False
    assert not (await components_without_owner(town.city, STREET, first=10)).rows
    unknown = changing(CODE, owner_is_known=False)
    row = await census.change(town.city, town["inspector-1"], town.command(), unknown)
    assert row["owner_department_id"] is None and row["owner_unknown_since"] == town.clock.now()
    assert (await settle("administrator-1", owner_name_zh="某通信公司"))["owner_name_zh"] == "某通信公司"


async def test_photos_of_components_are_kept(town: Town) -> None:
    row = await added(town)
    [media_id] = row["history"][0]["media_ids"]
    assert await photos_of_components(town.city, [media_id, "other"]) == {media_id}
