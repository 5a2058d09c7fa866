"""The whole loop on a real mongod, step by step, with the jobs done in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.check import check_case
from city_core.cases.close import close_case
from city_core.cases.dispatch import dispatch_case
from city_core.cases.file import file_case
from city_core.cases.model import Case
from city_core.cases.rate import rate_case
from city_core.cases.report_handled import report_handled
from city_core.cases.return_task import return_task
from city_core.cases.submit import submit_report
from city_core.cases.verify import verify_report
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.media.model import Photo
from city_core.notify.model import InboxMessage
from tests.integration.cases.support import DRAFT, People, command, dispatched, do_all_work, photo, stored
from tests.village import OUTSIDE

_UNTOLD = ("SUBMIT", "RATE", "WEIGH_EVIDENCE")


async def test_inspectors_report_is_filed_and_dispatched_by_rule(city: City, people: People) -> None:
    case = await dispatched(city, people)
    assert case["state"] == "DISPATCHED"
    assert [row["action"] for row in case["history"]] == ["SUBMIT", "ADMIT", "FILE", "DISPATCH"]
    assert {item["kind"] for item in case["work"]} == {"escalate"}
    assert case["number"].startswith("370303")
    assert case["department_id"] == "sanitation"
    assert case["task"]["assignee_id"] in {"officer-1", "officer-2"}
    assert [reason["why"] for reason in case["history"][-1]["reasons"]] == ["ANSWERS_FOR", "NEAREST"]
    [message] = await city.database.inbox_messages.find({"kind": "TASK_ASSIGNED"}).to_list(None)
    assert message["person_id"] == case["task"]["assignee_id"]


async def test_citizens_case_walks_the_whole_loop(city: City, people: People) -> None:
    citizen = people["citizen-1"]
    case = await submit_report(city, citizen, command(), DRAFT)
    await do_all_work(city)
    case = await stored(city, case)
    assert case["state"] == "PENDING_VERIFICATION"
    verifier = people[case["task"]["assignee_id"]]
    await verify_report(city, verifier, case["_id"], command(), finding="EXISTS")
    await do_all_work(city)
    case = await stored(city, case)
    handler = people[case["task"]["assignee_id"]]
    await accept_task(city, handler, case["_id"], command())
    after = await photo(city, handler)
    await report_handled(city, handler, case["_id"], command(), opinion="已清理", media_ids=[after])
    await do_all_work(city)
    case = await stored(city, case)
    assert case["state"] == "PENDING_CHECK"
    checker = people[case["task"]["assignee_id"]]
    await check_case(city, checker, case["_id"], command(), passed=False, opinion="还有")
    await accept_task(city, handler, case["_id"], command())
    with pytest.raises(CityProblem, match="PHOTO_REQUIRED"):
        await report_handled(city, handler, case["_id"], command(), opinion="再清理", media_ids=[after])
    again = await photo(city, handler)
    await report_handled(city, handler, case["_id"], command(), opinion="再清理", media_ids=[again])
    await do_all_work(city)
    await check_case(
        city, people[(await stored(city, case))["task"]["assignee_id"]], case["_id"], command(), passed=True
    )
    await close_case(city, people["leader-of-shift"], case["_id"], command())
    await do_all_work(city)
    await rate_case(city, citizen, case["_id"], command(), stars=5)
    case = await stored(city, case)
    assert case["state"] == "CLOSED"
    assert case["rework_count"] == 1
    assert [row["seq"] for row in case["history"]] == list(range(1, case["version"] + 1))
    assert all(
        a["to_state"] == b["from_state"] for a, b in zip(case["history"], case["history"][1:], strict=False)
    )
    told = await city.database.inbox_messages.count_documents(
        {"person_id": "citizen-1", "kind": "CASE_PROGRESS"}
    )
    assert told == len([row for row in case["history"] if row["action"] not in _UNTOLD])


async def test_repeated_commands_change_nothing(city: City, people: People) -> None:
    once = command()
    first = await submit_report(city, people["inspector-1"], once, DRAFT)
    again = await submit_report(city, people["inspector-1"], once, DRAFT)
    assert first["_id"] == again["_id"]
    assert await city.database.cases.count_documents({}) == 1
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await submit_report(city, people["inspector-1"], once, replace(DRAFT, description="other"))
    await do_all_work(city)
    case = await stored(city, first)
    accept = command()
    handler = people[case["task"]["assignee_id"]]
    await accept_task(city, handler, case["_id"], accept)
    await accept_task(city, handler, case["_id"], accept)
    assert (await stored(city, case))["version"] == case["version"] + 1


async def test_point_outside_and_unknown_type_are_refused(city: City, people: People) -> None:
    inspector = people["inspector-1"]
    with pytest.raises(CityProblem, match="PLACE_OUTSIDE_CITY"):
        await submit_report(city, inspector, command(), replace(DRAFT, lng=OUTSIDE[0], lat=OUTSIDE[1]))
    with pytest.raises(CityProblem, match="TYPE_UNKNOWN"):
        await submit_report(city, inspector, command(), replace(DRAFT, type_code="E9999"))
    with pytest.raises(CityProblem, match="CONDITION_UNKNOWN"):
        await submit_report(city, inspector, command(), replace(DRAFT, condition_id="C0102-1"))
    assert await city.database.cases.count_documents({}) == 0


async def test_duties_are_kept_apart(city: City, people: People) -> None:
    case = await dispatched(city, people)
    handler = people[case["task"]["assignee_id"]]
    await accept_task(city, handler, case["_id"], command())
    await report_handled(
        city, handler, case["_id"], command(), opinion="完", media_ids=[await photo(city, handler)]
    )
    await do_all_work(city)
    case = await stored(city, case)
    assert case["task"]["assignee_id"] == "inspector-2"
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"task.assignee_id": None}})
    with pytest.raises(CityProblem, match="SEPARATION_OF_DUTIES"):
        await check_case(city, people["inspector-1"], case["_id"], command(), passed=True)
    assert (await stored(city, case))["version"] == case["version"]


async def test_returned_case_waits_for_a_dispatcher(city: City, people: People) -> None:
    case = await dispatched(city, people)
    first = case["task"]["assignee_id"]
    await return_task(city, people[first], case["_id"], command(), opinion="不属本单位")
    await do_all_work(city)
    assert (await stored(city, case))["state"] == "FILED"
    other = "officer-2" if first == "officer-1" else "officer-1"
    await dispatch_case(city, people["dispatcher-1"], case["_id"], command(), officer_id=other)
    assert (await stored(city, case))["task"]["assignee_id"] == other


async def test_somebody_elses_case_does_not_exist(city: City, people: People) -> None:
    case = await dispatched(city, people)
    for name in ("citizen-2", "inspector-far", "officer-other"):
        with pytest.raises(CityProblem, match="CASE_NOT_FOUND"):
            await accept_task(city, people[name], case["_id"], command())


async def test_seat_files_what_the_rule_leaves(city: City, people: People) -> None:
    case = await submit_report(
        city, people["inspector-1"], command(), replace(DRAFT, type_code=None, condition_id=None)
    )
    await do_all_work(city)
    assert (await stored(city, case))["state"] == "PENDING_FILING"
    with pytest.raises(CityProblem, match="CONDITION_REQUIRED"):
        await file_case(city, people["leader-of-shift"], case["_id"], command(), type_code="E0112")
    filed = await file_case(
        city, people["leader-of-shift"], case["_id"], command(), type_code="E0112", condition_id="E0112-1"
    )
    assert (filed["limit_value"], filed["limit_unit"]) == (2, "work_hour")
    assert filed["deadline_at"] > filed["filed_at"]


async def test_what_is_stored_has_the_shape_that_the_models_say(city: City, people: People) -> None:
    citizen = people["citizen-1"]
    await photo(city, citizen)
    case = await submit_report(city, citizen, command(), DRAFT)
    await do_all_work(city)
    verifier = people[(await stored(city, case))["task"]["assignee_id"]]
    await verify_report(city, verifier, case["_id"], command(), finding="EXISTS")
    await do_all_work(city)
    for shape in (Case, Photo, InboxMessage):
        [row, *_] = await city.database[shape.get_collection_name()].find({}).to_list(None)
        shape.model_validate(row)
        names = {"_id" if name == "id" else name for name in shape.model_fields} - {"revision_id"}
        assert set(row) == names


async def test_a_command_id_of_another_case_is_refused(city: City, people: People) -> None:
    first, second = await dispatched(city, people), await dispatched(city, people)
    once = command()
    await accept_task(city, people[first["task"]["assignee_id"]], first["_id"], once)
    await city.database.cases.update_one(
        {"_id": second["_id"]}, {"$set": {"task.assignee_id": first["task"]["assignee_id"]}}
    )
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await accept_task(city, people[first["task"]["assignee_id"]], second["_id"], once)
    assert (await stored(city, second))["version"] == second["version"]


async def test_of_many_at_once_one_report_and_one_step_remain(city: City, people: People) -> None:
    once = command()
    reports = [submit_report(city, people["inspector-1"], once, DRAFT) for _ in range(10)]
    assert len({case["_id"] for case in await asyncio.gather(*reports)}) == 1
    await do_all_work(city)
    [case] = await city.database.cases.find({}).to_list(None)
    officer = people[case["task"]["assignee_id"]]
    tries = [accept_task(city, officer, case["_id"], command()) for _ in range(10)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    refused = [result for result in results if isinstance(result, CityProblem)]
    assert len(refused) == 9 and {problem.code for problem in refused} == {"STEP_NOT_POSSIBLE"}
    after = await stored(city, case)
    assert after["version"] == case["version"] + 1
    assert [row["seq"] for row in after["history"]] == list(range(1, after["version"] + 1))
