"""Two-step cases: once the danger is removed the case goes on, with a limit of its own, to its repair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from city_core.cases.check import check_case
from city_core.cases.clocks.recompute import recompute_all
from city_core.cases.close import close_case
from city_core.cases.dispatch import dispatch_case
from city_core.cases.model import Case
from city_core.cases.send_back import send_back
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import content_of
from tests.integration.cases.support import (
    People,
    command,
    dispatched,
    do_all_work,
    handled,
    stored,
    told,
)
from tests.rulebooks import condition_row, put_in_force
from tests.village import found_village


@pytest.fixture
async def people(city: City) -> People:
    people = await found_village(city)
    content = await content_of(city, CATALOGUE_BOOK, 1)
    others = [row for row in content["filing_conditions"] if row["type_code"] != "E0110"]
    first = condition_row("E0110", 4, "work_hour", follow_up="E0110-2")
    second = condition_row("E0110", 3, "work_day", 2, text_en="repaired")
    await put_in_force(city, CATALOGUE_BOOK, {**content, "filing_conditions": [*others, first, second]})
    return people


async def checked(city: City, people: People, case: Row) -> Row:
    """Have a dispatched case handled, and its check passed; what follows is still to be done."""
    case = await handled(city, people, case)
    checker = people[case["task"]["assignee_id"]]
    return await check_case(city, checker, case["_id"], command(), passed=True)


def kinds(case: Row) -> set[str]:
    return {item["kind"] for item in case["work"]} - {"escalate", "notify", "detect"}


def actions(case: Row) -> list[str]:
    return [row["action"] for row in case["history"]]


async def test_a_case_goes_on_under_its_second_condition_and_then_closes(city: City, people: People) -> None:
    case = await checked(city, people, await dispatched(city, people))
    assert (case["state"], kinds(case)) == ("PENDING_CLOSING", {"follow_up"})
    await do_all_work(city)
    second = await stored(city, case)
    assert actions(second)[-3:] == ["PASS_CHECK", "FILE_FOLLOW_UP", "DISPATCH"]
    assert (second["state"], second["department_id"]) == ("DISPATCHED", "sanitation")
    assert (second["condition_id"], second["limit_value"], second["limit_unit"]) == (
        "E0110-2", 3, "work_day",
    )  # fmt: skip
    assert (second["handled_at"], second["number"]) == (None, case["number"])
    facts = second["history"][-2]["facts"]
    limit = {"value": 3, "unit": "work_day", "season": None}
    assert (facts["follow_up_of"], facts["limit"]) == ("E0110-1", limit)
    assert second["clocks"]["case"]["limit"] == second["clocks"]["stage"]["limit"] == limit
    [first] = [row for row in second["clocks"]["past"] if row["name"] == "CASE"]
    assert (first["budget_s"], first["in_time"]) == (4 * 3600, True)
    Case.model_validate({**second, "id": second["_id"]})
    done = await checked(city, people, second)
    assert kinds(done) == ({"close"} if city.settings.auto_close else set())
    await do_all_work(city)
    if not city.settings.auto_close:
        await close_case(city, people["leader-of-shift"], case["_id"], command())
    closed = await stored(city, case)
    assert (closed["state"], actions(closed).count("FILE_FOLLOW_UP")) == ("CLOSED", 1)
    assert [difference async for difference in recompute_all(city)] == []


async def test_it_cannot_be_closed_before_but_still_sent_back(city: City, people: People) -> None:
    case = await checked(city, people, await dispatched(city, people))
    leader = people["leader-of-shift"]
    with pytest.raises(CityProblem) as refusal:
        await close_case(city, leader, case["_id"], command())
    assert (refusal.value.code, refusal.value.allowed) == ("FOLLOW_UP_OPEN", "once it is done under E0110-2")
    assert await stored(city, case) == case
    back = await send_back(city, leader, case["_id"], command(), opinion="没有排除")
    await do_all_work(city)
    assert (back["state"], (await stored(city, case))["state"]) == ("REWORK", "REWORK")
    assert kinds(await stored(city, case)) == set()


async def test_the_citizen_is_told_and_a_dispatcher_may_send_it(city: City, people: People) -> None:
    by_hand = replace(city, settings=city.settings.model_copy(update={"auto_dispatch": False}))
    case = await dispatched(city, people)
    await city.database.cases.update_one(
        {"_id": case["_id"]}, {"$set": {"reporter_id": "citizen-1", "source": "CITIZEN"}}
    )
    await checked(city, people, case)
    before = await told(city, "citizen-1", "CASE_PROGRESS", case)
    await do_all_work(by_hand)
    filed = await stored(city, case)
    assert (filed["state"], filed["task"], kinds(filed)) == ("FILED", None, set())
    assert await told(city, "citizen-1", "CASE_PROGRESS", case) == before + 2  # checked, and goes on
    sent = await dispatch_case(city, people["dispatcher-1"], case["_id"], command())
    assert sent["state"] == "DISPATCHED"


async def test_a_gone_department_leaves_the_second_step_to_the_rules(city: City, people: People) -> None:
    case = await checked(city, people, await dispatched(city, people))
    await city.database.departments.update_one({"_id": "sanitation"}, {"$set": {"disabled": True}})
    await do_all_work(city)
    left = await stored(city, case)
    assert (left["state"], actions(left)[-2:]) == ("FILED", ["FILE_FOLLOW_UP", "NOTE_ROUTING_FAULT"])


async def test_a_running_case_keeps_the_catalogue_that_it_was_filed_under(city: City, people: People) -> None:
    case = await dispatched(city, people)
    await put_in_force(city, CATALOGUE_BOOK, await content_of(city, CATALOGUE_BOOK, 1))
    assert kinds(await checked(city, people, case)) == {"follow_up"}
    new = await dispatched(city, people)
    assert "follow_up" not in kinds(await checked(city, people, new))
