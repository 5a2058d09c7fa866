"""A filed case goes back to the acceptor and is filed anew, under its old number."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from city_core.cases.command import Command
from city_core.cases.dispatch import dispatch_case
from city_core.cases.file import file_case
from city_core.cases.requests.request_void import request_void
from city_core.cases.return_to_acceptor import return_to_acceptor
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from tests.village import INSIDE

DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [])
People = dict[str, Actor]


def command() -> Command:
    return Command(str(uuid.uuid4()), None, "phone:test")


async def do_all_work(city: City, *kinds: str) -> None:
    """Do what waits, of these kinds, as the workers would."""
    handlers = {kind: job for kind, job in handlers_with(LogPushGateway()).items() if kind in kinds}
    hurried = replace(city, settings=city.settings.model_copy(update={"work_sweep_seconds": 0.0001}))
    for _ in range(20):
        wakes = await overdue(hurried, "cases", handlers, 100)
        if not [await perform(hurried, handlers, wake) for wake in wakes]:
            return


async def stored(city: City, case: Row) -> Row:
    found = await city.database.cases.find_one({"_id": case["_id"]})
    assert found is not None
    return found


async def filed(city: City, people: People) -> Row:
    case = await submit_report(city, people["inspector-1"], command(), DRAFT)
    await do_all_work(city, "triage", "file")
    return await stored(city, case)


async def test_it_is_filed_anew_with_another_type_under_the_old_number(city: City, people: People) -> None:
    case = await filed(city, people)
    assert (case["state"], case["limit_value"]) == ("FILED", 4)
    dispatcher = people["dispatcher-1"]
    back = await return_to_acceptor(city, dispatcher, case["_id"], command(), opinion="类别有误")
    assert (back["state"], back["number"]) == ("PENDING_FILING", case["number"])
    await do_all_work(city, "triage", "file", "dispatch")
    assert (await stored(city, case))["state"] == "PENDING_FILING"  # no rule repeats what was refused
    again = await file_case(
        city, people["acceptor-1"], case["_id"], command(), type_code="E0112", condition_id="E0112-1"
    )
    assert (again["number"], again["type_code"], again["limit_value"]) == (case["number"], "E0112", 2)
    await do_all_work(city, "dispatch")
    after = await stored(city, case)
    assert (after["state"], after["department_id"]) == ("DISPATCHED", "sanitation")
    assert [row["action"] for row in after["history"]] == [
        "SUBMIT", "ADMIT", "FILE", "RETURN_TO_ACCEPTOR", "FILE", "DISPATCH",
    ]  # fmt: skip


async def test_it_needs_a_reason_a_dispatcher_and_a_case_that_nobody_handles(
    city: City, people: People
) -> None:
    case = await filed(city, people)
    for who, opinion, code in (
        ("dispatcher-1", " ", "OPINION_REQUIRED"),
        ("leader-of-shift", "类别有误", "NOT_ALLOWED"),
        ("citizen-2", "类别有误", "CASE_NOT_FOUND"),
    ):
        with pytest.raises(CityProblem, match=code):
            await return_to_acceptor(city, people[who], case["_id"], command(), opinion=opinion)
    assert await stored(city, case) == case
    sent = await dispatch_case(city, people["dispatcher-1"], case["_id"], command())
    with pytest.raises(CityProblem, match="STEP_NOT_POSSIBLE"):
        await return_to_acceptor(city, people["dispatcher-1"], case["_id"], command(), opinion="晚了")
    assert await stored(city, case) == sent


async def test_it_can_be_repeated_and_leaves_a_waiting_request_behind(city: City, people: People) -> None:
    case = await filed(city, people)
    await request_void(city, people["dispatcher-1"], case["_id"], command(), reason="重复")
    once = command()
    first = await return_to_acceptor(city, people["dispatcher-1"], case["_id"], once, opinion="类别有误")
    assert (first["requests"][0]["state"], first["review"]) == ("WITHDRAWN", None)
    assert await return_to_acceptor(
        city, people["dispatcher-1"], case["_id"], once, opinion="类别有误"
    ) == await stored(city, case)
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await return_to_acceptor(city, people["dispatcher-1"], case["_id"], once, opinion="别的")
