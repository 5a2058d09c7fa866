"""Imports meet what people changed meanwhile: nothing is undone unseen, two files at once make no double."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from city_core.cases.command import Command
from city_core.census.check_component import check_component
from city_core.census.move_component import move_component
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role
from city_core.places.locate import GivenPoint
from city_core.places.registries.imports import ImportAsked
from city_workers.import_places import bring_in_file
from tests.registry_town import component, found_town, spread, write_csv

CODE = "3703030102000001"


@pytest.fixture
async def town(city: City) -> City:
    await found_town(city)
    return city


async def imported(city: City, file: Path) -> Row:
    return await bring_in_file(city, file, ImportAsked("components", file.name))


async def at_work(city: City, state: str) -> None:
    """Have the administrator find a cover in a state, a few steps from where it was said to be."""
    actor = Actor("administrator-1", Role.ADMINISTRATOR)
    await check_component(city, actor, CODE, Command(new_id()), state=state)
    await move_component(city, actor, CODE, Command(new_id()), point=GivenPoint(118.0553, 36.8052))


async def stored(city: City) -> Row:
    found: Row | None = await city.database.components.find_one({"_id": CODE})
    assert found is not None
    return found


async def test_the_same_file_again_undoes_nothing(town: City, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "c.csv", [component(1), component(2)])
    await imported(town, file)
    await at_work(town, "MISSING")
    before = await stored(town)
    again = await imported(town, file)
    assert (again["new"], again["changed"], again["unchanged"], again["refused"], again["kept"]) == (
        0, 0, 2, 0, 1,
    )  # fmt: skip
    assert await stored(town) == before and before["state"] == "MISSING"
    [told] = again["bad_rows"]
    assert "state" in told["field"] and "point" in told["field"] and told["en"].startswith("changed by")


async def test_a_newer_file_counts_field_by_field(town: City, tmp_path: Path) -> None:
    await imported(town, write_csv(tmp_path / "a.csv", [component(1)]))
    await at_work(town, "MISSING")
    newer = component(1, ObjState="破损", ObjName="北口井盖")
    done = await imported(town, write_csv(tmp_path / "b.csv", [newer]))
    assert (done["changed"], done["kept"]) == (1, 1)
    row = await stored(town)
    assert (row["state"], row["name_zh"]) == ("DAMAGED", "北口井盖")
    assert row["point"]["coordinates"] == [118.0553, 36.8052]
    elsewhere = component(1, ObjState="破损", ObjName="北口井盖", lng=118.0651)
    await imported(town, write_csv(tmp_path / "c.csv", [elsewhere]))
    row = await stored(town)
    assert row["point"]["coordinates"][0] == pytest.approx(118.0651)
    assert row["given"]["lng"] == pytest.approx(118.0651) and row["grid_code"].startswith("370303001002")


async def test_two_files_on_the_same_rows_at_once_make_no_double(town: City, tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", spread(1_500))
    other = write_csv(tmp_path / "b.csv", [{**row, "Note": "第二份"} for row in spread(1_500)])
    first, second = await asyncio.gather(imported(town, one), imported(town, other))
    assert first["refused"] == second["refused"] == 0
    assert first["new"] + second["new"] == 1_500
    async for row in town.database.components.find({}, {"version": 1, "history.seq": 1}):
        assert [change["seq"] for change in row["history"]] == list(range(1, row["version"] + 1))
