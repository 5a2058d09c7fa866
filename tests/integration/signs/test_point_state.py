"""Staff say how points are: whoever answers for them, once per command, on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.places.points.model import PlacePoint, PointState
from city_core.signs.set_point_state import set_point_state
from tests.integration.cases.support import People
from tests.integration.signs.signposts import TOILET, command, furnish
from tests.village import found_village


@pytest.fixture
async def people(city: City) -> AsyncIterator[People]:
    found = await found_village(city)
    await furnish(city)
    yield found


@pytest.mark.parametrize("who", ["inspector-1", "acceptor-1", "dispatcher-1", "administrator-1"])
async def test_whoever_answers_for_a_point_says_how_it_is(city: City, people: People, who: str) -> None:
    once = command()
    closed = await set_point_state(city, people[who], once, TOILET, PointState.CLOSED, note="维修")
    again = await set_point_state(city, people[who], once, TOILET, PointState.CLOSED, note="维修")
    assert (closed["state"], closed["version"]) == ("CLOSED", 2)
    assert again == closed
    [change] = closed["history"]
    assert (change["kind"], change["person_id"], change["note"]) == ("STATE_SET", who, "维修")
    assert (change["before"], change["after"]) == ({"state": "IN_USE"}, {"state": "CLOSED"})
    PlacePoint.model_validate(await city.database.points.find_one({"_id": TOILET}))
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await set_point_state(city, people[who], once, TOILET, PointState.IN_USE)
    opened = await set_point_state(city, people[who], command(), TOILET, PointState.IN_USE)
    assert (opened["state"], opened["version"], len(opened["history"])) == ("IN_USE", 3, 2)


@pytest.mark.parametrize(
    ("who", "point_id", "state", "code"),
    [
        ("citizen-1", TOILET, PointState.CLOSED, "NOT_ALLOWED"),
        ("officer-1", TOILET, PointState.CLOSED, "NOT_ALLOWED"),
        ("inspector-far", TOILET, PointState.CLOSED, "NOT_ALLOWED"),
        ("inspector-1", "toilet:9999", PointState.CLOSED, "POINT_UNKNOWN"),
        ("inspector-1", "toilet:0004", PointState.IN_USE, "POINT_UNKNOWN"),
        ("inspector-1", TOILET, PointState.REMOVED, "REQUEST_INVALID"),
    ],
)
async def test_nobody_else_and_nothing_else(
    city: City, people: People, who: str, point_id: str, state: PointState, code: str
) -> None:
    before = await city.database.points.find({}).to_list(None)
    with pytest.raises(CityProblem, match=code):
        await set_point_state(city, people[who], command(), point_id, state)
    assert await city.database.points.find({}).to_list(None) == before


async def test_of_several_at_once_none_is_lost(city: City, people: People) -> None:
    states = [PointState.CLOSED, PointState.IN_USE] * 4
    await asyncio.gather(
        *(set_point_state(city, people["inspector-1"], command(), TOILET, state) for state in states)
    )
    point = await city.database.points.find_one({"_id": TOILET})
    assert point is not None
    assert (point["version"], len(point["history"])) == (9, 8)
    assert [row["seq"] for row in point["history"]] == list(range(2, 10))
