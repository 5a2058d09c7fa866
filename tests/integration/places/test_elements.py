"""Elements of grids: who sees them, who changes them, what is kept of a person, and how often."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.pages import Page
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.places.elements.change import ElementChange, GivenChange, change_element
from city_core.places.elements.model import ElementKind
from city_core.places.elements.queries import grid_elements
from city_core.places.given import GivenPoint
from tests.hand_clock import HandClock, beijing
from tests.village import GRID, INSIDE, OUTSIDE, found_village

SHOP = GivenChange(
    ElementChange.ADD, None, ElementKind.ORGANISATION, "便民商店", "小商铺", point=GivenPoint(*INSIDE)
)


@dataclass
class Town:
    city: City
    people: dict[str, Actor]

    async def do(self, who: str, given: GivenChange, client_id: str | None = None) -> Row:
        return await change_element(self.city, self.people[who], client_id or new_id(), given)

    async def seen_by(self, who: str, **given: Any) -> Page:
        asked = {"grid_code": None, "kind": None, "first": 20, "after": None, **given}
        return await grid_elements(self.city, self.people[who], **asked)


@pytest.fixture
async def town(city: City) -> Town:
    turned = replace(city, clock=HandClock(beijing(2, 9)))
    return Town(turned, await found_village(turned))


async def refusal(town: Town, who: str, given: GivenChange, client_id: str | None = None) -> str:
    with pytest.raises(CityProblem) as refused:
        await town.do(who, given, client_id)
    return refused.value.code


async def test_an_element_is_added_changed_and_retired(town: Town) -> None:
    shop = await town.do("inspector-1", SHOP)
    assert (shop["grid_code"], shop["point"]["coordinates"], shop["version"]) == (GRID, list(INSIDE), 1)
    change = GivenChange(ElementChange.CHANGE, shop["_id"], note="夜间营业")
    changed = await town.do("inspector-1", change)
    assert (changed["note"], changed["name_zh"], changed["version"]) == ("夜间营业", "便民商店", 2)
    assert changed["history"][1]["before"]["note"] == ""
    retired = await town.do("acceptor-1", GivenChange(ElementChange.RETIRE, shop["_id"]))
    assert (retired["state"], [step["seq"] for step in retired["history"]]) == ("REMOVED", [1, 2, 3])
    assert (await town.seen_by("inspector-1")).rows == []
    assert await refusal(town, "inspector-1", change) == "ELEMENT_UNKNOWN"


async def test_those_of_the_grid_see_it_and_nobody_else(town: Town) -> None:
    shop = await town.do("inspector-1", SHOP)
    for who in ("inspector-1", "inspector-2", "acceptor-1", "leader-of-street", "dispatcher-1"):
        assert [row["_id"] for row in (await town.seen_by(who)).rows] == [shop["_id"]], who
        assert "history" not in (await town.seen_by(who)).rows[0]
    assert (await town.seen_by("inspector-far")).rows == []
    for who in ("citizen-1", "officer-1", "administrator-1"):
        with pytest.raises(CityProblem) as refused:
            await town.seen_by(who)
        assert refused.value.code == "NOT_ALLOWED"


async def test_those_of_another_grid_change_nothing(town: Town) -> None:
    shop = await town.do("inspector-1", SHOP)
    change = GivenChange(ElementChange.CHANGE, shop["_id"], note="?")
    assert await refusal(town, "inspector-far", change) == "ELEMENT_UNKNOWN"
    assert await refusal(town, "inspector-far", SHOP) == "NOT_ALLOWED"
    assert await refusal(town, "leader-of-street", change) == "NOT_ALLOWED"
    assert await refusal(town, "citizen-1", SHOP) == "NOT_ALLOWED"


async def test_a_command_is_carried_out_once(town: Town) -> None:
    add, change = new_id(), new_id()
    first = await town.do("inspector-1", SHOP, add)
    assert (await town.do("inspector-1", SHOP, add))["_id"] == first["_id"]
    wanted = GivenChange(ElementChange.CHANGE, first["_id"], note="夜间营业")
    for _ in range(2):
        assert (await town.do("inspector-1", wanted, change))["version"] == 2
    assert await refusal(town, "inspector-1", replace(SHOP, name_zh="别的"), add) == "COMMAND_REUSED"
    assert await refusal(town, "inspector-1", replace(wanted, note="别的"), change) == "COMMAND_REUSED"
    assert await town.city.database.grid_elements.count_documents({}) == 1


async def test_who_saw_an_older_version_is_told(town: Town) -> None:
    shop = await town.do("inspector-1", SHOP)
    note = GivenChange(ElementChange.CHANGE, shop["_id"], note="夜间营业")
    actor, command = town.people["inspector-1"], new_id()
    for _ in range(2):
        row = await change_element(town.city, actor, command, note, base_version=1)
        assert row["version"] == 2
    with pytest.raises(CityProblem) as refused:
        await change_element(town.city, actor, new_id(), replace(note, note="?"), base_version=1)
    assert (refused.value.code, refused.value.allowed) == ("ELEMENT_CHANGED", "2")


async def test_changes_at_once_are_all_kept(town: Town) -> None:
    shop = await town.do("inspector-1", SHOP)
    given = [
        GivenChange(ElementChange.CHANGE, shop["_id"], note="夜间营业"),
        GivenChange(ElementChange.CHANGE, shop["_id"], category="超市"),
    ]
    await asyncio.gather(*(town.do("inspector-1", change) for change in given))
    [row] = (await town.seen_by("inspector-1")).rows
    assert (row["note"], row["category"], row["version"]) == ("夜间营业", "超市", 3)


async def test_of_a_person_a_name_and_a_reason_are_kept(town: Town) -> None:
    person = GivenChange(
        ElementChange.ADD, None, ElementKind.PERSON, "演示居民", "独居老人", "每周探访", grid_code=GRID
    )
    row = await town.do("inspector-1", person)
    assert (row["point"], row["grid_code"], row["note"]) == (None, GRID, "每周探访")
    for text in ("电话13905330001", "370303199001010011"):
        assert await refusal(town, "inspector-1", replace(person, note=text)) == "TEXT_INVALID"


async def test_what_is_not_given_right(town: Town) -> None:
    assert await refusal(town, "inspector-1", replace(SHOP, kind=None)) == "REQUEST_INVALID"
    assert await refusal(town, "inspector-1", replace(SHOP, name_zh=" ")) == "TEXT_INVALID"
    assert await refusal(town, "inspector-1", replace(SHOP, point=None)) == "REQUEST_INVALID"
    assert (
        await refusal(town, "inspector-1", replace(SHOP, point=GivenPoint(*OUTSIDE))) == "PLACE_OUTSIDE_CITY"
    )
    nowhere = replace(SHOP, point=None, grid_code=f"{GRID[:-1]}9")
    assert await refusal(town, "inspector-1", nowhere) == "GRID_UNKNOWN"
    assert await refusal(town, "inspector-1", GivenChange(ElementChange.RETIRE)) == "ELEMENT_UNKNOWN"


async def test_pages_by_grid_and_kind(town: Town) -> None:
    for number in range(5):
        await town.do("inspector-1", replace(SHOP, name_zh=f"商店{number}"))
    await town.do("inspector-1", replace(SHOP, kind=ElementKind.LAND, name_zh="闲置地块"))
    page = await town.seen_by("inspector-1", kind=ElementKind.ORGANISATION, grid_code=GRID, first=3)
    rest = await town.seen_by(
        "inspector-1", kind=ElementKind.ORGANISATION, grid_code=GRID, first=3, after=page.end_cursor
    )
    assert (page.has_next, rest.has_next) == (True, False)
    names = sorted(row["name_zh"] for row in (*page.rows, *rest.rows))
    assert names == [f"商店{number}" for number in range(5)]
    plan = await town.city.database.command(
        "explain",
        {
            "find": "grid_elements",
            "filter": {"responsibility_grid_id": {"$in": ["a", "b"]}, "kind": {"$in": sorted(ElementKind)}},
            "sort": {"_id": 1},
        },
    )
    assert "COLLSCAN" not in str(plan) and "SORT_MERGE" in str(plan)
