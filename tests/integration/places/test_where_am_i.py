"""Where am I: the grid, the names of its divisions, who is on duty there, which departments answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from city_core.cases.where import everything_at, where_am_i
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.places.given import GivenPoint
from tests.grids import DISTRICT, found_divisions, responsibility_grid, square, unit_grid
from tests.hand_clock import HandClock, beijing
from tests.village import COMMUNITY, GRID, INSIDE, OUTSIDE, RESPONSIBILITY, STREET, found_village

NOW = beijing(2, 9)


@dataclass
class Town:
    """The village with divisions, and its people."""

    city: City
    people: dict[str, Actor]


@pytest.fixture
async def town(city: City) -> Town:
    turned = replace(city, clock=HandClock(NOW))
    people = await found_village(turned)
    await found_divisions(turned, square(118.04, 36.79, 118.09, 36.82))
    database = turned.database
    await database.responsibility_grids.insert_one(responsibility_grid(RESPONSIBILITY, [GRID]))
    rows = (("office", "STREET", STREET), ("station", "COMMUNITY", COMMUNITY), ("far", "STREET", "370303999"))
    await database.departments.insert_many([
        {"_id": name, "name_zh": name, "name_en": name, "level": level, "area_code": area,
         "answers_for": [{"type_prefix": "E", "street_codes": []}]}
        for name, level, area in rows
    ])  # fmt: skip
    return Town(turned, people)


async def test_everything_about_a_point(town: Town) -> None:
    place = await where_am_i(town.city, town.people["inspector-1"], GivenPoint(*INSIDE))
    assert (place["grid_code"], place["found_by"], place["is_on_border"]) == (GRID, "EXACT", False)
    names = [place[level]["name_zh"] for level in ("community", "street", "district")]
    assert names == ["站前社区", "车站街道", "张店区"]
    assert place["responsibility_grid"]["_id"] == RESPONSIBILITY
    assert place["area_class"] == "A"
    assert [row["_id"] for row in place["inspectors"]] == ["inspector-1", "inspector-2"]
    assert sorted(row["_id"] for row in place["departments"]) == ["office", "station"]
    assert place["department_id"] is None
    assert "shape" not in place["street"]


async def test_citizens_are_told_of_no_people(town: Town) -> None:
    place = await where_am_i(town.city, town.people["citizen-1"], GivenPoint(*INSIDE))
    assert place["inspectors"] == []
    assert place["community"]["name_zh"] == "站前社区"


async def test_the_absent_and_those_off_shift_are_not_on_duty(town: Town) -> None:
    database = town.city.database
    await database.absences.insert_one({
        "_id": "away", "person_id": "inspector-1", "starts_at": beijing(2, 8), "ends_at": beijing(2, 18),
        "ended_at": None, "deputy_id": None, "set_by": "leader-1", "client_id": "1", "reason": "",
    })  # fmt: skip
    shift = {"person_id": "inspector-2", "starts_at": beijing(2, 8), "ends_at": beijing(2, 16)}
    await database.shifts.insert_one({"_id": "shift", **shift})
    place = await where_am_i(town.city, town.people["leader-1"], GivenPoint(*INSIDE))
    assert [(row["_id"], row["shift_ends_at"]) for row in place["inspectors"]] == [
        ("inspector-2", beijing(2, 16))
    ]


async def test_the_rules_in_force_say_who_gets_a_type(town: Town) -> None:
    place = await where_am_i(town.city, town.people["citizen-1"], GivenPoint(*INSIDE), type_code="E0110")
    assert place["department_id"] == "sanitation"
    with pytest.raises(CityProblem) as refused:
        await where_am_i(town.city, town.people["citizen-1"], GivenPoint(*INSIDE), type_code="E9999")
    assert refused.value.code == "TYPE_UNKNOWN"


async def test_outside_there_is_no_answer(town: Town) -> None:
    with pytest.raises(CityProblem) as refused:
        await where_am_i(town.city, town.people["citizen-1"], GivenPoint(*OUTSIDE))
    assert refused.value.code == "PLACE_OUTSIDE_CITY"


def lookups(plan: Any) -> Iterator[dict[str, Any]]:
    """Find what every look-up of a plan examined."""
    if isinstance(plan, dict):
        if "collectionScans" in plan:
            yield plan
        for value in plan.values():
            yield from lookups(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from lookups(value)


async def test_each_look_up_goes_by_an_index_and_reads_only_what_it_shows(town: Town) -> None:
    database = town.city.database
    person = await database.people.find_one({"_id": "inspector-1"})
    crowd = [
        {**person, "_id": f"crowd-{n}", "phone": None, "responsibility_grid_ids": [f"far-{n}"]}
        for n in range(200)
    ]
    await database.people.insert_many(crowd)
    await database.unit_grids.insert_many([
        unit_grid(f"{DISTRICT}999001{n:03d}", square(118.1 + n / 1000, 36.9, 118.101 + n / 1000, 36.901))
        for n in range(1, 100)
    ])  # fmt: skip
    point = {"type": "Point", "coordinates": list(INSIDE)}
    asked = {"aggregate": "unit_grids", "pipeline": list(everything_at(point, NOW)), "cursor": {}}
    plan = await database.command("explain", asked, verbosity="executionStats")
    joined = list(lookups(plan))
    assert len(joined) >= 4
    assert sum(row["collectionScans"] for row in joined) == 0
    assert sum(row["totalDocsExamined"] for row in joined) <= 20
