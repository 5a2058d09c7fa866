"""Components and points on the map: what a picture counts is what lies there, for whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.map.draw import draw
from city_core.map.picture import MOST_FEATURES, MapFilter, Subject
from city_core.people.roles import Actor, Role
from city_core.places.cells import Box, box_of, cell_of, tile_range, tiles_of
from city_core.places.components.fold import fold_components
from city_core.places.components.model import ComponentState
from tests.integration.map.made_cases import DEPARTMENTS, GRIDS, SIZE, SOUTH, STREETS, TYPES, WEST, any_actor

CITY_BOX = Box(WEST - 0.02, SOUTH - 0.02, WEST + SIZE + 0.02, SOUTH + SIZE + 0.02)
COMPONENTS = MapFilter(subjects=frozenset({Subject.COMPONENTS}))
DEPARTMENTS_OF = ("keeper_department_id", "owner_department_id", "authority_department_id")
Row = dict[str, Any]


def made_component(dice: Random, number: int) -> Row:
    lng, lat = WEST + dice.random() ** 2 * SIZE, SOUTH + dice.random() ** 2 * SIZE
    street = dice.choice(STREETS)
    grids = [grid for community, two in GRIDS.items() if community[:9] == street for grid in two]
    return {
        "_id": f"{number:016d}", "type_code": dice.choice(TYPES), "name_zh": "井盖",
        "cell": cell_of(lng, lat),
        "point": {"type": "Point", "coordinates": [lng, lat]}, "state": dice.choice(list(ComponentState)),
        "street_code": street,
        "responsibility_grid_id": dice.choice(grids),
        **{name: dice.choice([*DEPARTMENTS, None]) for name in DEPARTMENTS_OF},
    }  # fmt: skip


def sees(actor: Actor, row: Row) -> bool:
    """Tell by hand whether somebody is shown a component."""
    by_role: dict[Role, Callable[[], bool]] = {
        Role.ADMINISTRATOR: lambda: True,
        Role.SYSTEM: lambda: True,
        Role.CITIZEN: lambda: False,
        Role.SECURITY_ADMINISTRATOR: lambda: False,
        Role.AUDITOR: lambda: False,
        Role.INSPECTOR: lambda: row["responsibility_grid_id"] in actor.grid_ids,
        Role.OFFICER: lambda: actor.department_id in [row[name] for name in DEPARTMENTS_OF],
    }
    return by_role.get(actor.role, lambda: row["street_code"] in actor.street_codes)()


@pytest.mark.parametrize("seed", range(2))
async def test_a_picture_counts_the_components_that_one_may_see(city: City, seed: int) -> None:
    dice = Random(seed)
    rows = [made_component(dice, number) for number in range(900)]
    await city.database.components.insert_many(rows)
    for turn in range(40):
        if turn % 20 == 10:
            await asyncio.gather(*(fold_components(city) for _ in range(3)))
        if turn % 20 > 14:
            await change_some(dice, city, rows)
        actor, wanted = any_actor(dice), COMPONENTS
        if dice.random() < 0.4:
            wanted = replace(wanted, type_codes=tuple(dice.sample(TYPES, 2)))
        if dice.random() < 0.3:
            wanted = replace(wanted, street_code=dice.choice(STREETS))
        if dice.random() < 0.3:
            wanted = replace(wanted, component_states=tuple(dice.sample(list(ComponentState), 2)))
        box, level, first, after = any_tile(dice)
        there = [row for row in rows if sees(actor, row) and first <= row["cell"] < after]
        states = wanted.component_states or tuple(s for s in ComponentState if s != "REMOVED")
        there = [
            row
            for row in there
            if row["state"] in states
            and (wanted.type_codes is None or row["type_code"] in wanted.type_codes)
            and wanted.street_code in (None, row["street_code"])
        ]
        picture = await draw(city, actor, box, dice.randint(level, 20), wanted)
        shown = len(picture.features) + sum(cluster.count for cluster in picture.clusters)
        assert picture.total == shown == len(there)
        assert len(picture.clusters) + len(picture.features) <= MOST_FEATURES
        assert {feature.id for feature in picture.features} <= {row["_id"] for row in there}


async def change_some(dice: Random, city: City, rows: list[Row]) -> None:
    """Let some components move, go over to others or be taken away, as those who write them do."""
    for position in dice.sample(range(len(rows)), dice.choice([1, 5, 20, 400])):
        row = {**made_component(dice, position), "_id": rows[position]["_id"]}
        rows[position] = row
        values = {name: value for name, value in row.items() if name != "_id"} | {"is_counted": False}
        await city.database.components.update_one({"_id": row["_id"]}, {"$set": values})


async def test_components_are_counted_once_whoever_counts_and_what_is_gone_leaves_no_row(city: City) -> None:
    dice = Random(5)
    rows = [made_component(dice, number) for number in range(700)]
    await city.database.components.insert_many(rows)
    folded = await asyncio.gather(*(fold_components(city) for _ in range(3)))
    assert sum(folded) == 700 and await fold_components(city) == 0
    tallies = city.database.component_tallies
    for by in ("street", "department"):
        counted = await tallies.find({"by": by}).to_list(None)
        assert sum(sum(row["n"].values()) for row in counted) == 700
    await city.database.components.update_many({}, {"$set": {"cell": 7, "is_counted": False}})
    assert await fold_components(city) == 700
    assert await tallies.distinct("cell") == [0]


def any_tile(dice: Random) -> tuple[Box, int, int, int]:
    """Give a tile of the city, with its level and the run of its cells."""
    level = dice.randint(9, 16)
    columns, rows = tiles_of(CITY_BOX, level)
    column, row = dice.choice(columns), dice.choice(rows)
    return box_of(level, column, row), level, *tile_range(level, column, row)


async def test_a_citizen_sees_no_component_and_an_unknown_state_is_refused(city: City) -> None:
    await city.database.components.insert_one(made_component(Random(1), 1))
    citizen = Actor("citizen-1", Role.CITIZEN)
    assert (await draw(city, citizen, CITY_BOX, 17, COMPONENTS)).total == 0
    with pytest.raises(CityProblem, match="MAP_FILTER_INVALID"):
        await draw(city, citizen, CITY_BOX, 17, replace(COMPONENTS, component_states=("FLOWN",)))
