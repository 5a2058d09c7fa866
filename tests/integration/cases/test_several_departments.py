"""Three returns and a leader's decision; a host and its assistants."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.close import close_case
from city_core.cases.dispatch import dispatch_case
from city_core.cases.joint.add_assistants import Asked, add_assistants
from city_core.cases.joint.answer_as_assistant import answer_as_assistant
from city_core.cases.joint.change_assistant import reassign_assistant, remove_assistant
from city_core.cases.joint.decide_department import decide_department
from city_core.cases.joint.rules import JOINT_BOOK
from city_core.cases.return_task import return_task
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import publish_csv
from city_core.tasks.queries import my_tasks
from tests.integration.cases.support import (
    People,
    command,
    dispatched,
    do_all_work,
    handled,
    photo,
    stored,
    told,
)


async def refused(city: City, case: Row, step: Any) -> str:
    """Take a step that is refused: the case is as it was; answers the code."""
    before = await stored(city, case)
    with pytest.raises(CityProblem) as problem:
        await step
    assert await stored(city, case) == before
    return problem.value.code


async def returned(city: City, people: People, case: Row, times: int) -> Row:
    """Have a case returned, and dispatched again in between."""
    for turn in range(times):
        if (await stored(city, case))["state"] == "FILED":
            await dispatch_case(city, people["dispatcher-1"], case["_id"], command())
        holder = people[(await stored(city, case))["task"]["assignee_id"]]
        await return_task(city, holder, case["_id"], command(), opinion=f"不属本单位 {turn}")
        await do_all_work(city)
    return await stored(city, case)


async def test_after_three_returns_the_leader_of_the_street_decides(city: City, people: People) -> None:
    case = await dispatched(city, people)
    twice = await returned(city, people, case, 2)
    assert (twice["state"], twice["return_count"], twice["task"]) == ("FILED", 2, None)
    thrice = await returned(city, people, case, 1)
    assert (thrice["state"], thrice["return_count"]) == ("PENDING_DECISION", 3)
    assert (thrice["task"]["kind"], thrice["task"]["assignee_id"]) == ("DECIDE", "leader-of-street")
    assert thrice["history"][-1]["reasons"] == [{"why": "LEADER_OF", "streets": 1}]
    assert await told(city, "leader-of-street", "TASK_ASSIGNED", case) == 1
    page = await my_tasks(city, people["leader-of-street"], first=10)
    assert [row["_id"] for row in page.rows] == [case["_id"]]


async def test_a_decided_case_stays_where_the_leader_gave_it(city: City, people: People) -> None:
    case = await returned(city, people, await dispatched(city, people), 3)
    leader, once = people["leader-1"], command()
    decide = {"department_id": "sanitation", "officer_id": "officer-2", "opinion": "由环卫处置"}
    for _ in range(2):
        await decide_department(city, leader, case["_id"], once, **decide)
    decided = await stored(city, case)
    assert (decided["state"], decided["is_decided"]) == ("DISPATCHED", True)
    assert decided["version"] == case["version"] + 1
    assert decided["task"]["assignee_id"] == "officer-2"
    assert decided["history"][-1]["reasons"][0] == {"why": "DECIDED", "returns": 3}
    [proposal] = [item for item in decided["work"] if item["kind"] == "propose_routing"]
    assert proposal["input"] == {"department_id": "sanitation", "decided_by": "leader-1"}
    again = return_task(city, people["officer-2"], case["_id"], command(), opinion="还是不属")
    assert await refused(city, case, again) == "CASE_DECIDED"
    other = dispatch_case(city, people["dispatcher-1"], case["_id"], command(), department_id="water")
    assert await refused(city, case, other) == "CASE_DECIDED"


async def test_a_decision_needs_a_reason_and_a_leader(city: City, people: People) -> None:
    case = await returned(city, people, await dispatched(city, people), 3)
    given = {"department_id": "sanitation", "opinion": " "}
    without = decide_department(city, people["leader-1"], case["_id"], command(), **given)
    assert await refused(city, case, without) == "OPINION_REQUIRED"
    given["opinion"] = "好"
    seat = decide_department(city, people["dispatcher-1"], case["_id"], command(), **given)
    assert await refused(city, case, seat) == "NOT_ALLOWED"


async def test_how_many_returns_is_data_and_only_for_new_cases(city: City, people: People) -> None:
    old = await dispatched(city, people)
    head = "returns_before_decision,most_assistants,most_parts\n"
    for rows, is_good in (("1,5,5\n", True), ("1,5,5\n2,5,5\n", False), ("0,5,5\n", False)):
        published = await publish_csv(
            city, JOINT_BOOK, {"joint_rules": head + rows},
            by="administrator-1", client_id=command().client_id, input_hash="x",
        )  # fmt: skip
        assert published.is_published is is_good
    assert (await returned(city, people, old, 1))["state"] == "FILED"
    new = await dispatched(city, people)
    assert (await returned(city, people, new, 1))["state"] == "PENDING_DECISION"


async def assisted(city: City, people: People, *more: str) -> Row:
    case = await dispatched(city, people)
    asks = [Asked(department, "关闭水阀") for department in ("water", *more)]
    await add_assistants(city, people["dispatcher-1"], case["_id"], command(), asks=asks)
    await do_all_work(city)
    return await stored(city, case)


async def answer(city: City, people: People, case: Row, who: str = "officer-other") -> Row:
    media_id = await photo(city, people[who])
    row = await answer_as_assistant(
        city, people[who], case["_id"], command(), opinion="水阀已关", media_ids=[media_id]
    )
    await do_all_work(city)
    return row


async def test_an_assistant_is_told_sees_the_case_and_has_a_task(city: City, people: People) -> None:
    case = await assisted(city, people)
    assert case["assisting_department_ids"] == ["water"]
    [assistant] = case["assistants"]
    assert (assistant["assignee_id"], assistant["asked"]) == ("officer-other", "关闭水阀")
    assert await told(city, "officer-other", "TASK_ASSIGNED", case) == 1
    page = await my_tasks(city, people["officer-other"], first=10)
    assert [row["_id"] for row in page.rows] == [case["_id"]]
    await answer(city, people, case)
    assert (await my_tasks(city, people["officer-other"], first=10)).rows == []


async def test_the_check_waits_for_the_last_answer(city: City, people: People) -> None:
    case = await handled(city, people, await assisted(city, people))
    assert (case["state"], {item["kind"] for item in case["work"]}) == ("HANDLED", {"escalate"})
    await answer(city, people, case)
    case = await stored(city, case)
    assert case["state"] == "PENDING_CHECK"
    assert [photo["use"] for photo in case["photos"]] == ["HANDLE", "HANDLE"]
    assert case["assistants"][0]["answered_by"] == "officer-other"


async def test_answers_before_the_host_is_done_do_not_ask_for_the_check(city: City, people: People) -> None:
    case = await assisted(city, people)
    await answer(city, people, case)
    assert (await stored(city, case))["state"] == "DISPATCHED"
    assert (await handled(city, people, case))["state"] == "PENDING_CHECK"


async def test_of_host_and_assistant_at_once_exactly_one_check_is_asked_for(
    city: City, people: People
) -> None:
    case = await assisted(city, people)
    await asyncio.gather(handled(city, people, case), answer(city, people, case))
    await do_all_work(city)
    case = await stored(city, case)
    assert case["state"] == "PENDING_CHECK"
    assert [row["action"] for row in case["history"]].count("REQUEST_CHECK") == 1


async def test_an_answer_is_given_once_and_only_by_who_was_asked(city: City, people: People) -> None:
    case = await assisted(city, people)
    officer = people["officer-other"]
    no_photo = answer_as_assistant(city, officer, case["_id"], command(), opinion="完", media_ids=[])
    assert await refused(city, case, no_photo) == "PHOTO_REQUIRED"
    host = people[case["task"]["assignee_id"]]
    media_id = await photo(city, host)
    by_host = answer_as_assistant(city, host, case["_id"], command(), opinion="完", media_ids=[media_id])
    assert await refused(city, case, by_host) == "NOT_ALLOWED"
    await answer(city, people, case)
    assert await refused(city, case, answer(city, people, case)) == "ALREADY_ANSWERED"


async def test_an_assistant_cannot_take_the_hosts_task(city: City, people: People) -> None:
    case = await assisted(city, people)
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"task.assignee_id": None}})
    by_assistant = accept_task(city, people["officer-other"], case["_id"], command())
    assert await refused(city, case, by_assistant) == "NOT_YOUR_TASK"


@pytest.mark.parametrize(
    ("departments", "code"),
    [
        (["sanitation"], "ASSISTANT_INVALID"),
        (["water", "water"], "ASSISTANT_INVALID"),
        ([], "ASSISTANT_INVALID"),
        (["nobody"], "DEPARTMENT_UNKNOWN"),
    ],
)
async def test_host_twice_nobody_and_unknown_are_refused(
    city: City, people: People, departments: list[str], code: str
) -> None:
    case = await dispatched(city, people)
    asks = [Asked(department, "协助") for department in departments]
    step = add_assistants(city, people["dispatcher-1"], case["_id"], command(), asks=asks)
    assert await refused(city, case, step) == code


async def test_a_second_time_is_refused_while_the_first_is_unanswered(city: City, people: People) -> None:
    case = await assisted(city, people)
    again = [Asked("water", "再关")]
    step = add_assistants(city, people["dispatcher-1"], case["_id"], command(), asks=again)
    assert await refused(city, case, step) == "ASSISTANT_INVALID"
    await answer(city, people, case)
    await add_assistants(city, people["dispatcher-1"], case["_id"], command(), asks=again)
    assert len((await stored(city, case))["assistants"]) == 2


async def test_an_absent_assistant_is_replaced_and_a_wrong_one_removed(city: City, people: People) -> None:
    await city.database.people.update_one({"_id": "officer-other"}, {"$set": {"on_duty": False}})
    case = await handled(city, people, await assisted(city, people))
    assert case["assistants"][0]["assignee_id"] is None
    dispatcher, to = people["dispatcher-1"], {"department_id": "water", "officer_id": "officer-other"}
    await reassign_assistant(city, dispatcher, case["_id"], command(), **to)
    await do_all_work(city)
    assert (await stored(city, case))["assistants"][0]["assignee_id"] == "officer-other"
    assert await told(city, "officer-other", "TASK_ASSIGNED", case) == 1
    stranger = reassign_assistant(
        city, dispatcher, case["_id"], command(), department_id="water", officer_id="officer-1"
    )
    assert await refused(city, case, stranger) == "PERSON_UNKNOWN"
    await remove_assistant(
        city, dispatcher, case["_id"], command(), department_id="water", opinion="与供水无关"
    )
    await do_all_work(city)
    case = await stored(city, case)
    assert (case["assistants"], case["assisting_department_ids"]) == ([], [])
    assert case["state"] == "PENDING_CHECK"
    assert await told(city, "officer-other", "TASK_WITHDRAWN", case) == 1


async def test_assisting_tasks_are_found_by_index(city: City, people: People) -> None:
    await assisted(city, people)
    open_states = {"$in": ["DISPATCHED"]}
    owes = {"$elemMatch": {"assignee_id": "officer-other", "answered_at": None}}
    query = {"$or": [
        {"task.assignee_id": "officer-other", "state": open_states},
        {"assistants.assignee_id": "officer-other", "assistants": owes, "state": open_states},
    ]}  # fmt: skip
    plan = await city.database.cases.find(query).sort([("deadline_at", 1), ("_id", 1)]).explain()
    told_plan = str(plan["queryPlanner"]["winningPlan"])
    assert "open_assisting" in told_plan and "open_tasks" in told_plan and "COLLSCAN" not in told_plan


async def test_nothing_is_closed_over_the_head_of_an_assistant(city: City, people: People) -> None:
    case = await assisted(city, people)
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"state": "PENDING_CLOSING"}})
    step = close_case(city, people["leader-of-shift"], case["_id"], command())
    assert await refused(city, case, step) == "ASSISTANTS_PENDING"


async def test_an_assistant_that_becomes_the_host_owes_no_answer(city: City, people: People) -> None:
    case = await assisted(city, people)
    to = {"department_id": "water", "opinion": "供水问题"}
    await dispatch_case(city, people["dispatcher-1"], case["_id"], command(), **to)
    case = await stored(city, case)
    assert (case["department_id"], case["assistants"], case["assisting_department_ids"]) == ("water", [], [])
    assert (await handled(city, people, case))["state"] == "PENDING_CHECK"


async def test_a_report_returned_for_the_third_time_waits_unassigned_when_no_leader_is_on_duty(
    city: City, people: People
) -> None:
    await city.database.people.update_many({"role": "LEADER"}, {"$set": {"on_duty": False}})
    case = await returned(city, people, await dispatched(city, people), 3)
    assert (case["state"], case["task"]["assignee_id"]) == ("PENDING_DECISION", None)
    given = {"department_id": "sanitation", "opinion": "由环卫处置"}
    await decide_department(city, people["leader-1"], case["_id"], command(), **given)
    assert (await stored(city, case))["state"] == "DISPATCHED"
