"""A case split into parts: filed with it, checked one by one, closed together."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from city_core.cases.check import check_case
from city_core.cases.clocks.recompute import recompute_all
from city_core.cases.close import close_by_rule, close_case
from city_core.cases.file import file_case
from city_core.cases.joint.send_back_parts import send_back_parts
from city_core.cases.joint.split import Part, split_case
from city_core.cases.model import Case
from city_core.cases.photos import open_photo
from city_core.cases.queries import find_case
from city_core.cases.record import Step, change_case
from city_core.cases.send_back import send_back
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from tests.integration.cases.support import (
    People,
    command,
    do_all_work,
    handled,
    photo,
    stored,
    told,
)
from tests.integration.cases.support import dispatched as reported

PARTS = [
    Part("E0110", "E0110-1", "清走垃圾"),
    Part("C0102", "C0102-1", "修复井盖", "water"),
]


async def filed(city: City, people: People, who: str = "inspector-1", **draft: Any) -> Row:
    """Have a case filed by a seat, that no rule dispatches."""
    case = await reported(city, people, who, type_code=None, condition_id=None, **draft)
    ready = {"$set": {"state": "PENDING_FILING", "task": None, "work": []}}
    await city.database.cases.update_one({"_id": case["_id"]}, ready)
    await file_case(city, people["acceptor-1"], case["_id"], command(), type_code="E0409")
    await city.database.cases.update_one({"_id": case["_id"]}, {"$pull": {"work": {"kind": "dispatch"}}})
    return await stored(city, case)


async def split(city: City, people: People, **how: Any) -> tuple[Row, list[Row]]:
    """Have a case split into two parts, and those dispatched."""
    case = await filed(city, people, **how)
    await split_case(city, people["dispatcher-1"], case["_id"], command(), parts=PARTS, opinion="一案两事")
    await do_all_work(city)
    parent = await stored(city, case)
    return parent, [await stored(city, child_id) for child_id in parent["child_ids"]]


async def check_passed(city: City, people: People, case: Row) -> Row:
    """Have a part handled and its check passed."""
    case = await handled(city, people, case)
    assert case["state"] == "PENDING_CHECK", case["state"]
    checker = people[case["task"]["assignee_id"]]
    await check_case(city, checker, case["_id"], command(), passed=True)
    await do_all_work(city)
    return await stored(city, case)


async def refused(city: City, case: Row, step: Any) -> str:
    before = await city.database.cases.find({}).sort("_id", 1).to_list(None)
    with pytest.raises(CityProblem) as problem:
        await step
    assert await city.database.cases.find({}).sort("_id", 1).to_list(None) == before
    return problem.value.code


async def test_the_parts_are_cases_with_their_own_number_clock_and_department(
    city: City, people: People
) -> None:
    parent, (first, second) = await split(city, people)
    assert (parent["state"], parent["task"]) == ("AWAITING_CHILDREN", None)
    assert [first["number"], second["number"]] == [f"{parent['number']}-1", f"{parent['number']}-2"]
    assert [first["department_id"], second["department_id"]] == ["sanitation", "water"]
    assert [(row["limit_value"], row["limit_unit"]) for row in (first, second)] == [
        (4, "work_hour"), (2, "urgent_hour"),
    ]  # fmt: skip
    assert second["deadline_at"] > second["filed_at"] > parent["filed_at"]
    for part in (first, second):
        assert part["place"] == parent["place"] and part["parent_id"] == parent["_id"]
        assert [row["action"] for row in part["history"]] == ["SPLIT_OFF", "DISPATCH"]
        assert part["history"][0]["facts"]["limit"]["value"] == part["limit_value"]
        Case.model_validate(part)
        assert set(part) == set(parent)
    assert [difference async for difference in recompute_all(city)] == []


async def test_splitting_is_repeated_without_further_parts(city: City, people: People) -> None:
    case, once = await filed(city, people), command()
    for _ in range(2):
        await split_case(city, people["dispatcher-1"], case["_id"], once, parts=PARTS, opinion="一案两事")
    assert await city.database.cases.count_documents({"parent_id": case["_id"]}) == 2
    again = split_case(city, people["dispatcher-1"], case["_id"], command(), parts=PARTS, opinion="再拆")
    assert await refused(city, case, again) == "STEP_NOT_POSSIBLE"


async def test_of_several_splits_at_once_one_remains(city: City, people: People) -> None:
    case = await filed(city, people)
    tries = [
        split_case(city, people["dispatcher-1"], case["_id"], command(), parts=PARTS, opinion="拆")
        for _ in range(4)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert len([result for result in results if isinstance(result, CityProblem)]) == 3
    assert await city.database.cases.count_documents({"parent_id": case["_id"]}) == 2


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (PARTS[:1], "PARTS_INVALID"),
        (PARTS * 6, "PARTS_INVALID"),
        ([PARTS[0], Part("E9999", None, "")], "TYPE_UNKNOWN"),
        ([PARTS[0], Part("E0110", None, "")], "CONDITION_REQUIRED"),
        ([PARTS[0], Part("E0409", None, "", "nobody")], "DEPARTMENT_UNKNOWN"),
    ],
)
async def test_bad_parts_are_refused_and_nothing_is_written(
    city: City, people: People, parts: list[Part], code: str
) -> None:
    case = await filed(city, people)
    step = split_case(city, people["dispatcher-1"], case["_id"], command(), parts=parts, opinion="拆")
    assert await refused(city, case, step) == code


async def test_a_part_is_not_split_again(city: City, people: People) -> None:
    _, (first, _) = await split(city, people)
    await city.database.cases.update_one({"_id": first["_id"]}, {"$set": {"state": "FILED", "task": None}})
    step = split_case(city, people["dispatcher-1"], first["_id"], command(), parts=PARTS, opinion="拆")
    assert await refused(city, first, step) == "CASE_IS_PART"


async def test_the_last_part_moves_the_whole_to_closing_and_all_close_together(
    city: City, people: People
) -> None:
    parent, (first, second) = await split(city, people)
    assert (await check_passed(city, people, first))["state"] == "PENDING_CLOSING"
    waiting = await stored(city, parent)
    assert waiting["state"] == "AWAITING_CHILDREN"
    assert waiting["history"][-1]["facts"]["number"] == first["number"]
    alone = close_case(city, people["leader-of-shift"], first["_id"], command())
    assert await refused(city, first, alone) == "CASE_IS_PART"
    await check_passed(city, people, second)
    assert (await stored(city, parent))["state"] == "PENDING_CLOSING"
    once = command()
    for _ in range(2):
        await close_case(city, people["leader-of-shift"], parent["_id"], once, opinion="完")
    states = [(await stored(city, row))["state"] for row in (parent, first, second)]
    assert states == ["CLOSED"] * 3
    actions = [row["action"] for row in (await stored(city, parent))["history"]]
    assert actions.count("CHILD_READY") == 2


async def test_two_parts_ready_at_once_move_the_whole_once(city: City, people: People) -> None:
    parent, parts = await split(city, people)
    await asyncio.gather(*(check_passed(city, people, part) for part in parts))
    await asyncio.gather(do_all_work(city), do_all_work(city))
    ends = [
        row["to_state"] for row in (await stored(city, parent))["history"] if row["action"] == "CHILD_READY"
    ]
    assert ends.count("PENDING_CLOSING") == 1  # by whichever word saw all parts done
    assert (await stored(city, parent))["state"] == "PENDING_CLOSING"


async def test_a_part_that_ended_otherwise_counts_as_done(city: City, people: People) -> None:
    parent, (first, second) = await split(city, people)

    async def voided(_: Row) -> Step:
        return Step({"task": None}, to=State.VOID)

    leader = people["leader-of-shift"]
    await change_case(city, leader, first["_id"], Action.DECIDE_VOID, voided)
    await do_all_work(city)
    assert (await stored(city, parent))["history"][-1]["facts"]["state"] == "VOID"
    await check_passed(city, people, second)
    await close_case(city, leader, parent["_id"], command())
    states = [(await stored(city, row))["state"] for row in (parent, first, second)]
    assert states == ["CLOSED", "VOID", "CLOSED"]


async def test_named_parts_are_sent_back_and_the_whole_waits_again(city: City, people: People) -> None:
    parent, (first, second) = await split(city, people)
    for part in (first, second):
        await check_passed(city, people, part)
    leader = people["leader-of-shift"]
    whole = send_back(city, leader, parent["_id"], command(), opinion="没修好")
    assert await refused(city, parent, whole) == "CASE_HAS_PARTS"
    alone = send_back(city, leader, first["_id"], command(), opinion="没修好")
    assert await refused(city, first, alone) == "CASE_IS_PART"
    stranger = send_back_parts(city, leader, parent["_id"], command(), part_ids=["x"], opinion="没修好")
    assert await refused(city, parent, stranger) == "PARTS_INVALID"
    once = command()
    for _ in range(2):
        await send_back_parts(city, leader, parent["_id"], once, part_ids=[second["_id"]], opinion="没修好")
    await do_all_work(city)
    states = [(await stored(city, row))["state"] for row in (parent, first, second)]
    assert states == ["AWAITING_CHILDREN", "PENDING_CLOSING", "REWORK"]
    await check_passed(city, people, second)
    assert (await stored(city, parent))["state"] == "PENDING_CLOSING"
    assert (await stored(city, parent))["handled_at"] is not None


async def test_the_reporter_hears_of_the_whole_only(city: City, people: People) -> None:
    parent, parts = await split(city, people, who="citizen-1")
    for part in parts:
        assert await told(city, "citizen-1", "CASE_PROGRESS", part) == 0
        assert await find_case(city, people["citizen-1"], part["_id"]) is None
    assert await find_case(city, people["citizen-1"], parent["_id"]) is not None


async def test_whoever_reported_the_whole_does_not_check_a_part(city: City, people: People) -> None:
    _, (first, _) = await split(city, people)
    case = await handled(city, people, first)
    assert case["task"]["assignee_id"] == "inspector-2"
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"task.assignee_id": None}})
    step = check_case(city, people["inspector-1"], case["_id"], command(), passed=True)
    assert await refused(city, case, step) == "SEPARATION_OF_DUTIES"


async def test_an_officer_of_a_part_sees_the_photos_of_the_whole(city: City, people: People) -> None:
    media_id = await photo(city, people["inspector-1"])
    _, (_, second) = await split(city, people, media_ids=[media_id])
    assert [row["media_id"] for row in second["photos"]] == [media_id]
    assert await open_photo(city, people["officer-other"], media_id, "small")
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        await open_photo(city, people["citizen-2"], media_id, "small")


async def test_parts_of_a_whole_that_ended_are_closed_on_their_own(city: City, people: People) -> None:
    parent, (first, _) = await split(city, people)
    await city.database.cases.update_one({"_id": parent["_id"]}, {"$set": {"state": "CLOSED"}})
    await check_passed(city, people, first)
    await close_case(city, people["leader-of-shift"], first["_id"], command())
    assert (await stored(city, first))["state"] == "CLOSED"


async def test_the_rule_closes_all_or_none(city: City, people: People) -> None:
    parent, parts = await split(city, people)
    for part in parts:
        await check_passed(city, people, part)
    lost = Claim("cases", parent["_id"], "close", "close:9", "a token that nobody gave", 1, {})
    with pytest.raises(CityProblem, match="CASE_BUSY"):
        await close_by_rule(city, parent["_id"], lost)
    assert [(await stored(city, row))["state"] for row in (parent, *parts)] == ["PENDING_CLOSING"] * 3
