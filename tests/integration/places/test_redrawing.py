"""Unit grids drawn anew: what is refused, what becomes of the old ones, and of what lies in them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.places.locate import GivenPoint, locate, locate_standing
from city_core.places.queries import grids_of, unit_grid
from city_core.places.redraw import Redrawing, Redrawn, redraw_grids
from city_core.places.redrawing import NewGrid
from tests.grids import found_divisions, responsibility_grid, square
from tests.hand_clock import HandClock, beijing
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, found_village

TODAY, TOMORROW = "2026-03-02", "2026-03-03"
WEST, EAST = f"{COMMUNITY}101", f"{COMMUNITY}102"
WHOLE = square(118.05, 36.80, 118.06, 36.81)
HALVES = [
    NewGrid(WEST, square(118.05, 36.80, 118.056, 36.81)),
    NewGrid(EAST, square(118.056, 36.80, 118.06, 36.81), f"{COMMUNITY}02", "B"),
]


@dataclass
class Town:
    """The village with a border, two responsibility grids and a lamp."""

    city: City
    clock: HandClock
    people: dict[str, Actor]

    async def redraw(self, client_id: str | None = None, **given: Any) -> Redrawn:
        whole = {"old_codes": [GRID], "grids": HALVES, "day": TODAY, "reason": "人口变化", **given}
        return await redraw_grids(
            self.city, self.people["administrator-1"], client_id or new_id(), Redrawing(**whole)
        )

    async def grid_at(self, lng: float, lat: float) -> str:
        return str((await locate(self.city, GivenPoint(lng, lat)))["grid_code"])


@pytest.fixture
async def town(city: City) -> Town:
    clock = HandClock(beijing(2, 9))
    turned = replace(city, clock=clock)
    people = await found_village(turned)
    await found_divisions(turned, square(118.04, 36.79, 118.09, 36.82))
    await turned.database.responsibility_grids.insert_many([
        responsibility_grid(RESPONSIBILITY, [GRID]), responsibility_grid(f"{COMMUNITY}02", []),
    ])  # fmt: skip
    await turned.database.components.insert_one(_lamp("3703030102000001", [118.058, 36.805]))
    return Town(turned, clock, people)


def _lamp(code: str, at: list[float]) -> Row:
    return {
        "_id": code, "type_code": "C0102", "point": {"type": "Point", "coordinates": at}, "grid_code": GRID,
        "responsibility_grid_id": RESPONSIBILITY, "state": "IN_USE", "version": 1,
        "updated_at": datetime(2026, 1, 1, tzinfo=UTC), "is_counted": True,
    }  # fmt: skip


async def refusal(town: Town, **given: Any) -> tuple[str, str | None]:
    with pytest.raises(CityProblem) as refused:
        await town.redraw(**given)
    return refused.value.code, refused.value.field


async def test_the_old_grid_ends_and_new_ones_begin(town: Town) -> None:
    done = await town.redraw()
    assert [row["_id"] for row in done.ended] == [GRID]
    assert done.share_off == pytest.approx(0, abs=1e-9)
    old = await unit_grid(town.city, GRID)
    assert old is not None
    assert (old["valid_to"], old["replaced_by"]) == (TODAY, [WEST, EAST])
    assert await town.grid_at(118.052, 36.805) == WEST
    assert await town.grid_at(118.058, 36.805) == EAST
    assert await town.grid_at(118.056, 36.805) == WEST
    east = await unit_grid(town.city, EAST)
    assert east is not None
    assert (east["area_class"], east["responsibility_grid_id"]) == ("B", f"{COMMUNITY}02")
    west = await unit_grid(town.city, WEST)
    assert west is not None
    assert (west["area_class"], west["responsibility_grid_id"]) == ("A", RESPONSIBILITY)


async def test_holders_what_stands_there_and_the_phones_follow(town: Town) -> None:
    await town.redraw()
    first, second = await grids_of(town.city, [RESPONSIBILITY, f"{COMMUNITY}02"])
    assert (first["grid_codes"], second["grid_codes"]) == ([WEST], [EAST])
    assert [row["_id"] for row in first["unit_grids"]] == [WEST]
    assert [row["_id"] for row in second["unit_grids"]] == [EAST]
    lamp = await town.city.database.components.find_one({})
    assert (lamp["grid_code"], lamp["responsibility_grid_id"], lamp["version"]) == (EAST, f"{COMMUNITY}02", 2)
    [step] = lamp["history"]
    assert (step["seq"], step["before"]["grid_code"], step["after"]["grid_code"]) == (2, GRID, EAST)
    assert lamp["is_counted"] is False


async def test_nothing_stays_behind_in_a_grid_that_ends(town: Town) -> None:
    beyond = {**_lamp("3703030102000002", [118.0602, 36.805]), "version": 5, "history": []}
    nowhere = {
        "_id": "THING:1", "kind": "THING", "code": "1", "name_zh": "物", "point": None, "grid_code": GRID,
        "responsibility_grid_id": RESPONSIBILITY, "version": 1,
    }  # fmt: skip
    await town.city.database.components.insert_one(beyond)
    await town.city.database.grid_elements.insert_one(nowhere)
    await town.redraw()
    lamp = await town.city.database.components.find_one({"_id": beyond["_id"]})
    assert (lamp["grid_code"], lamp["version"], lamp["history"][0]["seq"]) == (EAST, 6, 6)
    element = await town.city.database.grid_elements.find_one({})
    assert (element["grid_code"], element["version"]) == (WEST, 2)


async def test_what_is_put_there_before_its_day_stands_in_the_new_grid(town: Town) -> None:
    await town.redraw(day=TOMORROW)
    there = GivenPoint(118.058, 36.805)
    assert (await locate(town.city, there))["grid_code"] == GRID
    assert (await locate_standing(town.city, there))["grid_code"] == EAST
    with pytest.raises(CityProblem) as refused:
        await locate_standing(town.city, GivenPoint(117.0, 36.0))
    assert refused.value.code == "PLACE_OUTSIDE_CITY"


async def test_until_its_day_the_old_grid_is_valid(town: Town) -> None:
    await town.redraw(day=TOMORROW)
    assert await town.grid_at(*INSIDE) == GRID
    [holder] = await grids_of(town.city, [RESPONSIBILITY])
    assert [row["_id"] for row in holder["unit_grids"]] == [GRID]
    town.clock.set(beijing(3, 0))
    assert await town.grid_at(*INSIDE) == WEST


async def test_a_repeated_command_answers_the_same_and_changes_nothing(town: Town) -> None:
    command = new_id()
    first = await town.redraw(command)
    again = await town.redraw(command)
    assert [row["_id"] for row in again.begun] == [row["_id"] for row in first.begun] == [WEST, EAST]
    assert [row["_id"] for row in again.ended] == [GRID]
    assert await town.city.database.unit_grids.count_documents({}) == 3
    assert await refusal(town, client_id=command, reason="别的") == ("COMMAND_REUSED", "clientId")


async def test_of_two_at_once_one_goes_through(town: Town) -> None:
    others = [replace(grid, code=f"{COMMUNITY}20{n}") for n, grid in enumerate(HALVES)]
    outcomes = await asyncio.gather(town.redraw(), town.redraw(grids=others), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CityProblem", "Redrawn"]
    assert await town.city.database.unit_grids.count_documents({"valid_to": None}) == 2


async def test_a_code_is_never_used_again(town: Town) -> None:
    await town.redraw()
    back = [NewGrid(GRID, WHOLE)]
    assert await refusal(town, old_codes=[WEST, EAST], grids=back, day=TOMORROW) == (
        "GRID_CODE_USED", "grids",
    )  # fmt: skip


async def test_a_grid_that_ended_cannot_end_again(town: Town) -> None:
    await town.redraw()
    again = [NewGrid(f"{COMMUNITY}103", WHOLE)]
    assert await refusal(town, grids=again) == ("GRID_UNKNOWN", "oldCodes")


async def test_other_ground_has_to_be_confirmed(town: Town) -> None:
    less = [NewGrid(WEST, square(118.05, 36.80, 118.0595, 36.81))]
    assert await refusal(town, grids=less) == ("GRID_GROUND_DIFFERS", "grids")
    assert (await unit_grid(town.city, GRID) or {})["valid_to"] is None
    done = await town.redraw(grids=less, is_confirmed=True)
    assert done.share_off == pytest.approx(0.05, abs=1e-6)


async def test_half_a_percent_needs_no_word(town: Town) -> None:
    done = await town.redraw(grids=[NewGrid(WEST, square(118.05, 36.80, 118.05995, 36.81))])
    assert done.share_off == pytest.approx(0.005, abs=1e-6)


CROSSED = {
    "type": "Polygon",
    "coordinates": [[[118.05, 36.80], [118.06, 36.81], [118.06, 36.80], [118.05, 36.81], [118.05, 36.80]]],
}
HOLED = {
    "type": "Polygon",
    "coordinates": [*WHOLE["coordinates"], *square(118.052, 36.802, 118.053, 36.803)["coordinates"]],
}


@pytest.mark.parametrize(
    ("grids", "refused"),
    [
        ([NewGrid(WEST[:-1], WHOLE)], ("PLACE_CODE_INVALID", "grids")),
        ([NewGrid("370303002001001", WHOLE)], ("PLACE_CODE_INVALID", "grids")),
        ([NewGrid(WEST, WHOLE), NewGrid(WEST, WHOLE)], ("REQUEST_INVALID", "grids")),
        ([], ("REQUEST_INVALID", "grids")),
        ([NewGrid(WEST, CROSSED)], ("GRID_SHAPE_INVALID", "grids")),
        ([NewGrid(WEST, HOLED)], ("GRID_SHAPE_INVALID", "grids")),
        ([NewGrid(WEST, square(36.80, 118.05, 36.81, 118.06))], ("GRID_SHAPE_INVALID", "grids")),
        ([NewGrid(WEST, square(118.05, 36.80, 118.10, 36.81))], ("GRID_SHAPE_INVALID", "grids")),
        ([NewGrid(WEST, WHOLE), HALVES[1]], ("GRID_OVERLAPS", "grids")),
        ([NewGrid(WEST, WHOLE, f"{COMMUNITY}99")], ("GRID_UNKNOWN", "responsibilityGridId")),
        ([NewGrid(WEST, WHOLE, None, "D")], ("REQUEST_INVALID", "areaClass")),
    ],
)
async def test_what_cannot_be_a_grid(town: Town, grids: list[NewGrid], refused: tuple[str, str]) -> None:
    assert await refusal(town, grids=grids) == refused
    assert await town.city.database.unit_grids.count_documents({}) == 1


async def test_a_grid_that_stays_is_not_overlapped(town: Town) -> None:
    await town.redraw()
    wider = [NewGrid(f"{COMMUNITY}103", square(118.05, 36.80, 118.057, 36.81))]
    told = await refusal(town, old_codes=[WEST], grids=wider, day=TOMORROW, is_confirmed=True)
    assert told == ("GRID_OVERLAPS", "grids")


@pytest.mark.parametrize("day", ["2026-03-01", "2026-13-01", "tomorrow", "2026-09-01"])
async def test_days_that_are_none(town: Town, day: str) -> None:
    assert await refusal(town, day=day) == ("REQUEST_INVALID", "day")


async def test_only_administrators_draw_grids(town: Town) -> None:
    for who in ("leader-1", "inspector-1", "citizen-1"):
        with pytest.raises(CityProblem) as refused:
            await redraw_grids(
                town.city, town.people[who], new_id(), Redrawing([GRID], HALVES, TODAY, "人口变化")
            )
        assert refused.value.code == "NOT_ALLOWED"
