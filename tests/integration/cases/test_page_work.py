"""A page costs what it shows: MongoDB looks at about as many cases, however many others there are."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.queries import CaseFilter, page_of_cases
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.people.roles import Actor
from tests.bench.places.mongo_work import watched
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, STREET, found_village

OTHERS, EVERY, RARE = 3_000, 5, 35
PAGE = 20
FAR = {"street_code": "370303009", "responsibility_grid_id": "37030300900101"}


@pytest.fixture
async def people(city: City) -> dict[str, Actor]:
    """Among many cases of another street one in five is of the village."""
    people = await found_village(city)
    now = city.clock.now()
    rows = [_case(number, now - timedelta(hours=OTHERS - number)) for number in range(OTHERS)]
    await city.database.cases.insert_many(rows)
    return people


@pytest.mark.parametrize("wanted", [CaseFilter(), CaseFilter(states=["CLOSED"])])
async def test_an_inspectors_page_is_read_from_their_own_grids(
    city: City, people: dict[str, Actor], wanted: CaseFilter
) -> None:
    async with watched(city.database) as work:
        page = await page_of_cases(city, people["inspector-1"], wanted, first=PAGE, fields=["place"])
    assert {row["place"]["responsibility_grid_id"] for row in page.rows} == {RESPONSIBILITY}
    assert len(page.rows) == PAGE
    assert [row["_id"] for row in page.rows] == sorted((row["_id"] for row in page.rows), reverse=True)
    assert work.documents <= 3 * PAGE


async def test_type_street_and_state_together_are_one_run_of_an_index(
    city: City, people: dict[str, Actor]
) -> None:
    wanted = CaseFilter(type_code="E0110", street_code=STREET, states=["CLOSED"])
    async with watched(city.database) as work:
        page = await page_of_cases(city, people["leader-1"], wanted, first=PAGE)
    assert len(page.rows) == PAGE
    assert work.documents <= 2 * PAGE


async def test_days_long_ago_are_found_without_walking_there(city: City, people: dict[str, Actor]) -> None:
    until = city.clock.now() - timedelta(hours=OTHERS - 88)
    wanted = CaseFilter(reported_from=until - timedelta(days=30), reported_to=until)
    async with watched(city.database) as work:
        page = await page_of_cases(city, people["leader-of-shift"], wanted, first=PAGE)
    assert len(page.rows) == 18
    assert work.documents <= 200


def _case(number: int, at: Any) -> dict[str, Any]:
    own = number % EVERY == 0
    place = {"street_code": STREET, "responsibility_grid_id": RESPONSIBILITY} if own else FAR
    return {
        "_id": new_id(), "version": 9, "state": "CLOSED", "source": "CITIZEN", "reporter_id": "citizen-1",
        "client_id": uuid.uuid4().hex,
        "type_code": "E0110" if number % (RARE if own else 3) == 0 else "E0201",
        "department_id": "sanitation", "deadline_at": None, "handled_at": None, "task": None, "work": [],
        "photos": [], "people_involved": ["citizen-1"], "reported_at": at,
        "place": {
            "point": {"type": "Point", "coordinates": list(INSIDE)}, "grid_code": GRID,
            "community_code": COMMUNITY, **place,
        },
    }  # fmt: skip
