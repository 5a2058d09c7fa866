"""Points of citizens: what earns them, each once, and no more than the rules allow in a day."""

from __future__ import annotations

import pytest

from city_core.cases.earning import Earned, Merit, earned_by
from city_core.cases.submit import submit_report
from city_core.cases.verify import verify_report
from city_core.cases.workflow import Action
from city_core.citizens.grant_points import grant_points
from city_core.citizens.point_rules import POINTS_BOOK
from city_core.citizens.queries import balance_of, point_entries
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from city_core.people.roles import Actor, Role
from tests.integration.cases.support import DRAFT, People, command, do_all_work, stored
from tests.rulebooks import put_in_force
from tests.village import found_village


@pytest.fixture
async def people(city: City) -> People:
    return await found_village(city)


def _held(case_id: str, *persons: str, merit: Merit = Merit.REPORT_FILED) -> Claim:
    earned = [{"person_id": person, "merit": merit.value} for person in persons]
    return Claim("cases", case_id, "grant_points", "grant_points:2", "token", 1, {"earned": earned})


async def test_a_filed_report_earns_points_once(city: City, people: People) -> None:
    case = await submit_report(city, people["citizen-1"], command(), DRAFT)
    await do_all_work(city)
    await verify_report(city, people["inspector-1"], case["_id"], command(), finding="EXISTS")
    await do_all_work(city)
    assert (await stored(city, case))["filed_at"] is not None
    assert await balance_of(city, "citizen-1") == 10
    await grant_points(city, _held(case["_id"], "citizen-1"))
    assert await balance_of(city, "citizen-1") == 10
    page = await point_entries(city, people["citizen-1"], first=10)
    assert [(row["reason"], row["points"], row["case_id"]) for row in page.rows] == [
        ("REPORT_FILED", 10, case["_id"])
    ]
    assert (await point_entries(city, people["citizen-2"], first=10)).rows == []


async def test_a_day_has_its_most(city: City, people: People) -> None:
    rules = [{"merit": "REPORT_FILED", "points": 3, "most_per_day": 2}]
    await put_in_force(city, POINTS_BOOK, {"points": rules})
    for number in range(4):
        await grant_points(city, _held(f"case-{number}", "citizen-1"))
    await grant_points(city, _held("case-9", "citizen-1", merit=Merit.CASE_RATED))  # no rule: nothing
    assert await balance_of(city, "citizen-1") == 6


def test_who_earns_what() -> None:
    case = {"reporter_id": "c1", "source": "CITIZEN", "joined_reports": [
        {"reporter_id": "c2", "source": "CITIZEN"}, {"reporter_id": "i1", "source": "INSPECTOR"},
    ]}  # fmt: skip
    citizen, seat = Actor("c1", Role.CITIZEN), Actor("s1", Role.SHIFT_LEADER)
    both = [Earned("c1", Merit.REPORT_CLOSED), Earned("c2", Merit.REPORT_CLOSED)]
    assert earned_by(case, Action.CLOSE, seat) == both
    assert earned_by(case, Action.RATE, citizen) == [Earned("c1", Merit.CASE_RATED)]
    assert earned_by(case, Action.DISPATCH, seat) == []
    assert earned_by({**case, "parent_id": "whole"}, Action.CLOSE, seat) == []
    assert earned_by({**case, "source": "INSPECTOR", "joined_reports": []}, Action.CLOSE, seat) == []


async def test_the_list_refuses_a_wrong_cursor(city: City, people: People) -> None:
    with pytest.raises(CityProblem, match="PAGE_INVALID"):
        await point_entries(city, people["citizen-1"], first=10, after="???")
    with pytest.raises(CityProblem, match="PAGE_INVALID"):
        await point_entries(city, people["citizen-1"], first=0)
