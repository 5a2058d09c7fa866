"""Components are added, moved, changed, checked and taken out of use: once, by whom it is for, on record."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from city_core.cases.command import Command
from city_core.census import given as census
from city_core.kit.conflicts import CommandConflict
from city_core.kit.geo import from_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.components.model import Component
from tests.integration.census.town import (
    EAST_GRID,
    IN_EAST,
    LAMP,
    Town,
    added,
    adding,
    changing,
    checking,
    point,
)
from tests.refusals import refused
from tests.village import GRID, INSIDE, OUTSIDE, RESPONSIBILITY, STREET

CODE = "3703030102000007"
_A_METRE = 0.000_009


async def test_a_new_component_gets_the_next_code_and_stands_where_it_was_given(town: Town) -> None:
    await town.stands(CODE, (118.051, 36.801))
    gcj = from_wgs84(INSIDE, "GCJ02")
    given = {**adding(), "point": point(gcj, "GCJ02"), "owner_department_id": None}
    row = await census.add(town.city, town["inspector-1"], town.command(), given)
    assert row["_id"] == "3703030102000008"
    assert row["point"]["coordinates"] == pytest.approx(list(INSIDE), abs=1e-6)
    assert row["given"]["datum"] == "GCJ02" and row["given"]["lng"] == gcj[0]
    assert (row["grid_code"], row["responsibility_grid_id"], row["street_code"]) == (
        GRID,
        RESPONSIBILITY,
        STREET,
    )
    assert row["cell"] is not None and row["name_zh"] == "污水井盖"
    assert row["owner_is_known"] is False and row["owner_unknown_since"] == town.clock.now()
    [change] = row["history"]
    assert (change["kind"], change["person_id"], change["seq"]) == ("ADDED", "inspector-1", 1)
    Component.model_validate(await town.component(row["_id"]))


async def test_ten_at_once_get_ten_codes_and_the_same_command_one(town: Town) -> None:
    places = [(118.051 + number / 10_000, 36.803) for number in range(10)]
    rows = await asyncio.gather(*(added(town, at=place) for place in places))
    assert sorted(row["_id"][-2:] for row in rows) == [f"{number:02d}" for number in range(1, 11)]
    command, given = town.command(), adding((118.058, 36.803))
    same = await asyncio.gather(
        *(census.add(town.city, town["inspector-1"], command, given) for _ in range(5))
    )
    assert len({row["_id"] for row in same}) == 1
    assert await town.city.database.components.count_documents({}) == 11
    await refused("COMMAND_REUSED", census.add(town.city, town["inspector-1"], command, adding(IN_EAST)))


async def test_of_ten_who_stand_before_the_same_thing_one_adds_it(town: Town) -> None:
    outcomes = await asyncio.gather(*(added(town) for _ in range(10)), return_exceptions=True)
    problems = [outcome.code for outcome in outcomes if isinstance(outcome, CityProblem)]
    assert problems == ["COMPONENT_NEAR"] * 9
    assert await town.city.database.components.count_documents({}) == 1


async def test_what_may_not_be_added_is_refused(town: Town) -> None:
    first = await added(town)
    add = lambda who, **more: added(town, who, **more)  # noqa: E731
    beside = (INSIDE[0], INSIDE[1] + 2 * _A_METRE)
    problem = await refused("COMPONENT_NEAR", add("inspector-1", at=beside))
    assert first["_id"] in str(problem.allowed)
    assert (await add("inspector-1", at=beside, even_so=True))["_id"] != first["_id"]
    assert (await add("inspector-1", at=beside, type_code=LAMP))["type_code"] == LAMP
    await refused("NOT_ALLOWED", add("inspector-1", at=IN_EAST))
    await refused("NOT_ALLOWED", add("officer-1"))
    await refused("NOT_ALLOWED", add("citizen-1"))
    await refused("PLACE_OUTSIDE_CITY", add("inspector-1", at=OUTSIDE))
    await refused("TYPE_UNKNOWN", add("inspector-1", type_code="E0110"))
    await refused("PHOTO_REQUIRED", add("inspector-1", media_ids=[]))
    await refused("DEPARTMENT_UNKNOWN", add("inspector-1", keeper_department_id="nobody"))
    await refused("TEXT_INVALID", add("inspector-1", name_zh="长" * 31))
    assert await town.city.database.components.count_documents({}) == 3
    assert (await added(town, "administrator-1", at=IN_EAST))["responsibility_grid_id"] == EAST_GRID


async def test_a_component_moves_within_own_grids_only(town: Town) -> None:
    await town.stands(CODE)

    async def move(who: str, at: tuple[float, float]) -> Row:
        given = {"component_code": CODE, "point": point(at), "note": "道路改造", "media_ids": []}
        return await census.move(town.city, town[who], town.command(), given)

    there = (118.053, 36.802)
    moved = await move("inspector-1", there)
    assert moved["point"]["coordinates"] == list(there) and moved["version"] == 2
    [change] = moved["history"]
    assert change["before"]["point"]["coordinates"] == list(INSIDE) and change["note"] == "道路改造"
    await refused("NOT_ALLOWED", move("inspector-1", IN_EAST))
    await refused("COMPONENT_UNKNOWN", move("inspector-2", IN_EAST))
    assert (await move("administrator-1", IN_EAST))["responsibility_grid_id"] == EAST_GRID


async def test_each_change_is_on_record_once(town: Town) -> None:
    await town.stands(CODE)
    await town.city.database.components.update_one({"_id": CODE}, {"$set": {"is_counted": True}})
    command = town.command()
    given = changing(CODE, state="DAMAGED", keeper_department_id="sanitation")
    first = await census.change(town.city, town["inspector-1"], command, given)
    again = await census.change(town.city, town["inspector-1"], command, given)
    assert first == again and again["version"] == 2 and again["checked_at"] == town.clock.now()
    assert again["is_counted"] is False
    assert again["history"][0]["after"]["state"] == "DAMAGED"
    await refused(
        "COMMAND_REUSED",
        census.change(town.city, town["inspector-1"], command, changing(CODE, state="MISSING")),
    )
    await town.stands("3703030102000008", (118.052, 36.802))
    other = changing("3703030102000008", state="DAMAGED")
    await refused("COMMAND_REUSED", census.change(town.city, town["inspector-1"], command, other))
    Component.model_validate(await town.component(CODE))


async def test_changes_at_once_are_all_made(town: Town) -> None:
    await town.stands(CODE)
    states = ["DAMAGED", "MISSING", "IN_USE", "DAMAGED", "MISSING", "IN_USE"]
    await asyncio.gather(
        *(
            census.check(town.city, town["inspector-1"], town.command(), checking(CODE, state))
            for state in states
        )
    )
    row = await town.component(CODE)
    assert row["version"] == 7 and [change["seq"] for change in row["history"]] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (changing(CODE), "REQUEST_INVALID"),
        (changing(CODE, state="REMOVED"), "REQUEST_INVALID"),
        (changing(CODE, owner_is_known=True), "REQUEST_INVALID"),
        (changing(CODE, owner_is_known=False, owner_name_zh="某公司"), "REQUEST_INVALID"),
        (changing(CODE, name_zh=""), "TEXT_INVALID"),
        (changing("3703030102999999", state="DAMAGED"), "COMPONENT_UNKNOWN"),
        (changing("LAMP-7", state="DAMAGED"), "COMPONENT_CODE_INVALID"),
    ],
)
async def test_changes_that_make_no_sense_are_refused(
    town: Town, given: Mapping[str, Any], code: str
) -> None:
    before = await town.stands(CODE)
    await refused(code, census.change(town.city, town["inspector-1"], town.command(), given))
    assert await town.component(CODE) == before


async def test_a_decision_on_an_older_version_is_a_conflict(town: Town) -> None:
    await town.stands(CODE)
    administrator, inspector = town["administrator-1"], town["inspector-1"]
    await census.change(town.city, administrator, town.command(), changing(CODE, state="DAMAGED"))
    offline = Command(str(uuid.uuid4()), base_version=1)
    with pytest.raises(CommandConflict) as found:
        await census.retire(
            town.city, inspector, offline,
            {"component_code": CODE, "state": "REMOVED", "reason": "拆除", "media_ids": []},
        )  # fmt: skip
    assert found.value.fields == ("state",) and found.value.version == 2
    renamed = Command(str(uuid.uuid4()), base_version=1)
    row = await census.change(town.city, inspector, renamed, changing(CODE, name_zh="北口井盖"))
    assert row["name_zh"] == "北口井盖"
    unknown = Command(str(uuid.uuid4()), base_version=9)
    await refused("BASE_VERSION_UNKNOWN", census.check(town.city, inspector, unknown, checking(CODE)))
