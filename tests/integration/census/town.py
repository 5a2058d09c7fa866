"""What the tests of components share: a village with two grids, and phones that look after what is there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from city_core.cases.command import Command
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.census import given as census
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.places.cells import cell_of
from tests.hand_clock import HandClock
from tests.rulebooks import catalogue_content, condition_row, put_in_force, type_row
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, STREET, found_village

EAST, EAST_GRID = "370303001001002", "37030300100102"
IN_EAST = (118.065, 36.805)
COVER, LAMP, UNKNOWN = "C0102", "C0137", "C0123"


@dataclass
class Town:
    """The village with its people and its clock."""

    city: City
    people: dict[str, Actor]
    clock: HandClock

    def __getitem__(self, name: str) -> Actor:
        return self.people[name.replace("_", "-")]

    async def stands(self, code: str, at: tuple[float, float] = INSIDE, **more: Any) -> Row:
        """Have a component stand somewhere, as if it had been imported."""
        east = at[0] >= 118.06
        row = {
            "_id": code, "type_code": f"C{code[6:-6]}", "name_zh": "井盖",
            "point": {"type": "Point", "coordinates": list(at)}, "cell": cell_of(*at),
            "grid_code": EAST if east else GRID, "community_code": COMMUNITY, "street_code": STREET,
            "responsibility_grid_id": EAST_GRID if east else RESPONSIBILITY, "state": "IN_USE",
            "owner_department_id": "water", "owner_is_known": True, "version": 1,
            "updated_at": self.clock.now(), "history": [], **more,
        }  # fmt: skip
        await self.city.database.components.insert_one(row)
        return row

    async def component(self, code: str) -> Row:
        found: Row | None = await self.city.database.components.find_one({"_id": code})
        assert found is not None
        return found

    def command(self, **more: Any) -> Command:
        return Command(str(uuid.uuid4()), **more)


async def found_town(city: City, clock: HandClock) -> Town:
    """Found the village, a second grid to its east, and a catalogue with covers and lamps."""
    people = await found_village(city)
    grid = await city.database.unit_grids.find_one({"_id": GRID})
    assert grid is not None
    square = [[118.06, 36.80], [118.07, 36.80], [118.07, 36.81], [118.06, 36.81], [118.06, 36.80]]
    await city.database.unit_grids.insert_one({
        **grid, "_id": EAST, "responsibility_grid_id": EAST_GRID,
        "shape": {"type": "Polygon", "coordinates": [square]},
        "centre": {"type": "Point", "coordinates": list(IN_EAST)},
    })  # fmt: skip
    types = [
        type_row(COVER, name_zh="污水井盖"),
        type_row(LAMP, name_zh="路灯"),
        type_row(UNKNOWN, name_zh="不明井盖"),
        type_row("E0110"),
    ]
    content = catalogue_content(types, [condition_row("E0110", 4, "work_hour")])
    await put_in_force(city, CATALOGUE_BOOK, content)
    await city.database.people.update_one(
        {"_id": "inspector-2"}, {"$set": {"responsibility_grid_ids": [EAST_GRID]}}
    )
    east = replace(people["inspector-2"], grid_ids=frozenset({EAST_GRID}))
    return Town(city, {**people, "inspector-2": east}, clock)


def adding(at: tuple[float, float] = INSIDE, **more: Any) -> Mapping[str, Any]:
    """Say what a phone gives to add a cover."""
    return {
        "type_code": COVER, "point": point(at), "media_ids": [str(uuid.uuid4())], "name_zh": "",
        "state": "IN_USE", "authority_department_id": None, "owner_department_id": "water",
        "owner_name_zh": None, "keeper_department_id": None, "note": "", "even_so": False, **more,
    }  # fmt: skip


def changing(code: str, **more: Any) -> Mapping[str, Any]:
    """Say what a phone gives to change a component."""
    return {
        "component_code": code, "name_zh": None, "state": None, "authority_department_id": None,
        "owner_department_id": None, "owner_name_zh": None, "keeper_department_id": None,
        "owner_is_known": None, "note": None, "media_ids": [], **more,
    }  # fmt: skip


def checking(code: str, state: str = "IN_USE", **more: Any) -> Mapping[str, Any]:
    """Say what a phone gives to check a component."""
    return {"component_code": code, "state": state, "note": "", "media_ids": [], **more}


def point(at: tuple[float, float], datum: str = "WGS84") -> Mapping[str, Any]:
    return {"lng": at[0], "lat": at[1], "datum": datum, "accuracy_m": 5.0}


async def added(town: Town, who: str = "inspector-1", at: tuple[float, float] = INSIDE, **more: Any) -> Row:
    """Have an inspector add a cover."""
    return await census.add(town.city, town[who], town.command(), adding(at, **more))
