"""The map shows what lists show: whatever the actor, the filter, the part of the map and the zoom."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from city_core.cases.queries import CaseFilter, count_cases
from city_core.cases.tallies.fold import fold_tallies
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.map.draw import draw
from city_core.map.picture import MOST_FEATURES, MapFilter, MapPicture
from city_core.places.cells import Box, box_of, parent_of, tile_range, tiles_of
from tests.integration.map.made_cases import (
    SIZE,
    SOUTH,
    STREETS,
    TYPES,
    WEST,
    any_actor,
    listed,
    made_case,
)

CITY_BOX = Box(WEST - 0.02, SOUTH - 0.02, WEST + SIZE + 0.02, SOUTH + SIZE + 0.02)


def any_filter(dice: Random, city: City) -> MapFilter:
    now = city.clock.now()
    wanted = MapFilter()
    if dice.random() < 0.3:
        wanted = replace(wanted, states=tuple(dice.sample(list(State), 6)))
    if dice.random() < 0.3:
        wanted = replace(wanted, type_codes=tuple(dice.sample(TYPES, 2)))
    if dice.random() < 0.3:
        wanted = replace(wanted, street_code=dice.choice(STREETS))
    if dice.random() < 0.4:
        wanted = replace(wanted, reported_from=now - timedelta(days=dice.random() * 800))
    if dice.random() < 0.3:
        until = now - timedelta(days=dice.random() * 100)
        if wanted.reported_from is None or wanted.reported_from < until:
            wanted = replace(wanted, reported_to=until)
    if dice.random() < 0.15:
        wanted = replace(wanted, late=dice.random() < 0.5)
    return wanted


def any_part(dice: Random) -> tuple[Box, int, list[dict[str, Any]]]:
    """Give a zoom with the whole city, or with one tile, and the same as clauses."""
    if dice.random() < 0.3:
        return CITY_BOX, dice.randint(3, 22), []
    level = dice.randint(12, 16)
    columns, rows = tiles_of(CITY_BOX, level)
    column, row = dice.choice(columns), dice.choice(rows)
    first, after = tile_range(level, column, row)
    return (
        box_of(level, column, row),
        dice.randint(level, 20),
        [{"place.cell": {"$gte": first, "$lt": after}}],
    )


def listed_as(wanted: MapFilter, type_code: str | None) -> CaseFilter:
    return CaseFilter(
        states=wanted.states,
        type_code=type_code,
        street_code=wanted.street_code,
        reported_from=wanted.reported_from,
        reported_to=wanted.reported_to,
        late=wanted.late,
    )


async def by_hand(city: City, actor: Any, wanted: MapFilter, more: list[dict[str, Any]]) -> list[int]:
    rows: list[dict[str, Any]] = []
    extra = {"$and": more} if more else None
    for code in wanted.type_codes or (None,):
        rows += await listed(city, actor, listed_as(wanted, code), extra)
    return [row["place"]["cell"] for row in rows]


def assert_same(picture: MapPicture, cells: list[int]) -> None:
    assert picture.total == len(cells)
    assert len(picture.clusters) + len(picture.features) <= MOST_FEATURES
    if picture.features:
        assert len(picture.features) == len(cells)
        return
    for level in {cluster.level for cluster in picture.clusters}:
        expected = Counter(parent_of(cell, level) for cell in cells)
        assert {cluster.cell: cluster.count for cluster in picture.clusters} == dict(expected)


@pytest.mark.parametrize("seed", range(6))
async def test_a_picture_counts_what_a_list_shows(city: City, seed: int) -> None:
    dice = Random(seed)
    now = city.clock.now()
    await city.database.cases.insert_many([made_case(dice, now) for _ in range(600)])
    assert await fold_tallies(city) > 0
    await city.database.cases.insert_many([made_case(dice, now) for _ in range(60)])
    await change_some(city, dice)
    for turn in range(50):
        actor, wanted = any_actor(dice), any_filter(dice, city)
        box, zoom, more = any_part(dice)
        cells = await by_hand(city, actor, wanted, more)
        assert_same(await draw(city, actor, box, zoom, wanted), cells)
        if turn % 2:
            only = replace(wanted, type_codes=wanted.type_codes[:1] if wanted.type_codes else None)
            code = only.type_codes[0] if only.type_codes else None
            assert await count_cases(city, actor, listed_as(only, code)) == len(
                await by_hand(city, actor, only, [])
            )
        if turn == 30:
            assert await fold_tallies(city) > 0 == await fold_tallies(city)


async def change_some(city: City, dice: Random) -> None:
    """Let some ended cases be open again and others be counted as something else, not folded yet."""
    ended = await city.database.cases.find({"tally": {"$type": "object"}}, {"_id": 1}).to_list(None)
    for row in dice.sample(ended, 40):
        values = dice.choice([
            {"state": "FILED"}, {"department_id": "water"}, {"type_code": TYPES[0]}, {"state": "VOID"},
        ])  # fmt: skip
        await city.database.cases.update_one(
            row, {"$set": {**values, "tally_due": True}, "$inc": {"version": 1}}
        )
