"""Who is nearest to a case or a place: only those on duty who may handle it, for those who may ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.nearest_officers import nearest_officers_to_case, nearest_officers_to_point
from city_core.cases.nearest_officers_rules import NEAREST_OFFICER_BOOK, Skill
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.places.locate import GivenPoint
from tests.integration.cases.support import People, dispatched
from tests.rulebooks import put_in_force
from tests.village import INSIDE, OUTSIDE, STREET

HERE = GivenPoint(*INSIDE)
GARBAGE, WATER = "E0110", "C0102"


async def put(city: City, who: str, metres: float, minutes_ago: float = 1, **more: Any) -> None:
    """Have somebody been seen so many metres to the east."""
    place = {"type": "Point", "coordinates": [INSIDE[0] + metres / 89_000, INSIDE[1]]}
    at = city.clock.now() - timedelta(minutes=minutes_ago)
    fix = {"last_place": place, "last_place_at": at, "last_place_accuracy_m": 8.0, **more}
    await city.database.people.update_one({"_id": who}, {"$set": fix})


async def names(city: City, people: People, type_code: str = GARBAGE, **more: Any) -> list[str]:
    found = await nearest_officers_to_point(city, people["dispatcher-1"], HERE, type_code, **more)
    return [one.person["_id"] for one in found]


async def test_the_nearest_of_the_department_that_answers(city: City, people: People) -> None:
    await put(city, "officer-1", 900)
    await put(city, "officer-2", 300)
    assert await names(city, people) == ["officer-2", "officer-1"]
    assert await names(city, people, first=1) == ["officer-2"]
    assert await names(city, people, WATER) == ["officer-other"]
    [first, _] = await nearest_officers_to_point(city, people["leader-1"], HERE, GARBAGE)
    assert first.way.distance_m == pytest.approx(300, rel=0.02)
    assert first.way.age_minutes == pytest.approx(1, abs=0.2)
    assert (first.open_tasks, first.own_street, first.skill) == (0, True, Skill.ANSWERS)


async def test_an_old_fix_and_open_tasks_count_against_somebody(city: City, people: People) -> None:
    await put(city, "officer-1", 900)
    await put(city, "officer-2", 300, minutes_ago=59)
    assert await names(city, people) == ["officer-1", "officer-2"]
    await put(city, "officer-2", 300)
    await city.database.cases.insert_one({
        "_id": "c", "reporter_id": "r", "client_id": "c", "state": "IN_PROGRESS",
        "task": {"assignee_id": "officer-2"}, "work": [],
    })  # fmt: skip
    found = await nearest_officers_to_point(city, people["dispatcher-1"], HERE, GARBAGE)
    assert [(one.person["_id"], one.open_tasks) for one in found] == [("officer-1", 0), ("officer-2", 1)]


async def test_the_weights_of_the_city_decide(city: City, people: People) -> None:
    await put(city, "officer-1", 900)
    await put(city, "officer-2", 300, minutes_ago=59)
    patient = [{"weight": "fresh_minutes", "value": 90}, {"weight": "stale_minutes", "value": 120}]
    await put_in_force(city, NEAREST_OFFICER_BOOK, {"weights": patient})
    assert await names(city, people) == ["officer-2", "officer-1"]


@pytest.mark.parametrize("how", ["off duty", "disabled", "absent", "off shift"])
async def test_who_is_not_there_is_not_named(city: City, people: People, how: str) -> None:
    now, who = city.clock.now(), {"person_id": "officer-2"}
    later = {"starts_at": now + timedelta(minutes=30), "ends_at": now + timedelta(hours=8)}
    if how in ("off duty", "disabled"):
        change = {"on_duty": False} if how == "off duty" else {"disabled": True}
        await city.database.people.update_one({"_id": "officer-2"}, {"$set": change})
    elif how == "absent":
        long = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1), "ended_at": None}
        await city.database.absences.insert_one({
            "_id": "a", **who, **long, "deputy_id": None, "set_by": "x", "client_id": "c",
        })  # fmt: skip
    else:
        await city.database.shifts.insert_one({"_id": "s", **who, **later})
    assert await names(city, people) == ["officer-1"]


async def test_who_was_seen_nowhere_comes_after_who_is_near(city: City, people: People) -> None:
    await put(city, "officer-1", 2_000)
    await city.database.people.update_one({"_id": "officer-2"}, {"$set": {"last_place": None}})
    assert await names(city, people) == ["officer-1", "officer-2"]


async def test_for_a_case_its_department_comes_first_and_its_doers_not_at_all(
    city: City, people: People
) -> None:
    case = await dispatched(city, people)
    found = await nearest_officers_to_case(city, people["dispatcher-1"], case["_id"])
    assert {one.person["_id"]: one.skill for one in found} == {
        "officer-1": Skill.OF_CASE, "officer-2": Skill.OF_CASE,
    }  # fmt: skip
    busy = {one.person["_id"]: one.open_tasks for one in found}
    assert busy[case["task"]["assignee_id"]] == 1
    did = {"history.0.person_id": "officer-1"}
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": did})
    found = await nearest_officers_to_case(city, people["dispatcher-1"], case["_id"])
    assert [one.person["_id"] for one in found] == ["officer-2"]


@pytest.mark.parametrize("who", ["citizen-1", "inspector-1", "officer-1", "acceptor-1", "administrator-1"])
async def test_other_posts_may_not_ask(city: City, people: People, who: str) -> None:
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await nearest_officers_to_point(city, people[who], HERE, GARBAGE)


@pytest.mark.parametrize(
    ("here", "type_code", "first", "code"),
    [
        (GivenPoint(*OUTSIDE), GARBAGE, 10, "PLACE_OUTSIDE_CITY"),
        (HERE, "X9999", 10, "TYPE_UNKNOWN"),
        (HERE, GARBAGE, 0, "PAGE_INVALID"),
        (HERE, GARBAGE, 51, "PAGE_INVALID"),
    ],
)
async def test_bad_questions(
    city: City, people: People, here: GivenPoint, type_code: str, first: int, code: str
) -> None:
    with pytest.raises(CityProblem, match=code):
        await nearest_officers_to_point(city, people["dispatcher-1"], here, type_code, first=first)


async def test_only_in_the_own_streets(city: City, people: People) -> None:
    stranger = replace(people["dispatcher-1"], street_codes=frozenset({"370303009"}))
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await nearest_officers_to_point(city, stranger, HERE, GARBAGE)
    case = await dispatched(city, people)
    with pytest.raises(CityProblem, match="CASE_NOT_FOUND"):
        await nearest_officers_to_case(city, stranger, case["_id"])
    seen_in_an_emergency = replace(stranger, emergency_areas=frozenset({STREET}))
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await nearest_officers_to_case(city, seen_in_an_emergency, case["_id"])


async def test_a_case_without_a_type_is_for_nobody_yet(city: City, people: People) -> None:
    case = await dispatched(city, people)
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"type_code": None}})
    with pytest.raises(CityProblem, match="TYPE_UNKNOWN"):
        await nearest_officers_to_case(city, people["dispatcher-1"], case["_id"])


async def test_the_search_uses_its_index(city: City, people: People) -> None:
    query = {
        "department_id": {"$in": ["sanitation", "water"]}, "role": "OFFICER", "on_duty": True,
        "disabled": False,
        "last_place": {"$nearSphere": {"$geometry": {"type": "Point", "coordinates": list(INSIDE)}}},
    }  # fmt: skip
    told = await city.database.command({"explain": {"find": "people", "filter": query, "limit": 100}})
    assert "officers_near" in str(told["queryPlanner"]["winningPlan"])


async def test_dispatch_passes_over_who_was_near_long_ago(city: City, people: People) -> None:
    await put(city, "officer-1", 10, minutes_ago=120)
    await put(city, "officer-2", 1_000)
    case = await dispatched(city, people)
    assert case["task"]["assignee_id"] == "officer-2"
