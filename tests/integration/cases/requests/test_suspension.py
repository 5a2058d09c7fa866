"""Suspensions on a real mongod: approved, over by themselves or by hand, refused."""

from __future__ import annotations

import uuid
from datetime import timedelta

from city_core.cases.accept import accept_task
from city_core.cases.report_handled import report_handled
from city_core.cases.requests.decide_suspension import decide_suspension
from city_core.cases.requests.request_suspension import request_suspension
from city_core.cases.requests.resume import resume_case
from city_core.kit.perform import perform
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_workers.jobs import handlers_with
from tests.integration.cases.requests.town import Town
from tests.integration.cases.support import clock_values


async def test_a_suspended_case_goes_on_by_itself_although_nobody_was_woken(town: Town) -> None:
    before = await town.new_case()
    case = await town.suspend(days=30)
    assert (case["state"], case["task"]) == ("SUSPENDED", None)
    assert [(item["kind"], item["due_at"]) for item in case["work"] if item["kind"] == "resume"] == [
        ("resume", case["suspended_until"])
    ]
    await town.do_all_work()
    assert (await town.case())["state"] == "SUSPENDED"
    town.clock.turn(days=31)  # no worker ran at that instant: a later sweep finds it
    await town.do_all_work()
    case = await town.case()
    assert case["state"] == "IN_PROGRESS"
    assert case["task"] == {**before["task"], "seq": case["task"]["seq"]}
    assert [case[name] for name in ("suspended_until", "suspended_from", "suspended_task")] == [None] * 3
    assert {item["kind"] for item in case["work"]} == {"escalate"}
    resumed = case["history"][-1]
    assert (resumed["action"], resumed["role"], resumed["receiver_id"]) == ("RESUME", "SYSTEM", "officer-1")
    assert (await town.told("TASK_ASSIGNED"))[-1] == "officer-1"
    ask = {"until": town.clock.now() + timedelta(days=1), "reason": "再等"}
    await town.refused("REQUEST_USED_UP", "officer-1", request_suspension, **ask)
    await town.do("officer-1", report_handled, opinion="完", media_ids=[str(uuid.uuid4())])


async def test_two_sweeps_at_once_resume_a_case_once(town: Town) -> None:
    await town.new_case()
    await town.suspend(days=1)
    await town.do_all_work()
    town.clock.turn(days=2)
    handlers = handlers_with(LogPushGateway())
    wakes = await overdue(town.city, "cases", handlers, 10)
    assert [wake.kind for wake in wakes] == ["resume"]
    assert sorted([await perform(town.city, handlers, wake) for wake in [*wakes, *wakes]]) == [False, True]
    assert [row["action"] for row in (await town.case())["history"]].count("RESUME") == 1


async def test_a_case_not_yet_accepted_waits_for_acceptance_again_after_a_suspension(town: Town) -> None:
    await town.new_case(accepted=False)
    until = town.clock.now() + timedelta(days=3)
    row = await town.do("dispatcher-1", request_suspension, until=until, reason="道路封闭")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await town.do("leader-of-shift", decide_suspension, **given)
    await town.refused("NOT_ALLOWED", "officer-1", resume_case)
    case = await town.do("dispatcher-1", resume_case, opinion="道路已开放")
    assert (case["state"], case["task"]["assignee_id"]) == ("DISPATCHED", "officer-1")
    assert {item["kind"] for item in case["work"]} == {"notify", "escalate"}
    town.clock.turn(days=4)
    await town.do_all_work()
    await town.do("officer-1", accept_task)


async def test_a_suspension_is_refused_or_comes_too_late(town: Town) -> None:
    await town.new_case()
    for days in (-1, 0, 366):
        until = town.clock.now() + timedelta(days=days)
        await town.refused("SUSPENSION_INVALID", "officer-1", request_suspension, until=until, reason="x")
    until = town.clock.now() + timedelta(hours=1)
    row = await town.do("officer-1", request_suspension, until=until, reason="等料")
    given = {"request_id": row["requests"][-1]["id"]}
    town.clock.turn(hours=2)
    await town.refused("SUSPENSION_INVALID", "leader-of-shift", decide_suspension, **given, approved=True)
    await town.do("leader-of-shift", decide_suspension, **given, approved=False, opinion="已过期")
    assert (await town.case())["state"] == "IN_PROGRESS"


async def test_an_extension_survives_a_suspension_and_every_clock_follows_from_the_history(
    town: Town,
) -> None:
    await town.new_case()
    extended = await town.approve_extension(await town.ask_extension())
    left = extended["deadline_at"]
    suspended = await town.suspend(days=14)
    assert suspended["deadline_at"] is None  # its clocks stand still: nobody knows yet when it is due
    town.clock.turn(days=15)
    await town.do_all_work()
    case = await town.case()
    assert case["state"] == "IN_PROGRESS"
    assert case["clocks"]["case"]["budget_s"] == extended["clocks"]["case"]["budget_s"] == 6 * 3_600
    assert case["deadline_at"] > left + timedelta(days=14)
    again = await clock_values(town.city, case["history"])
    assert {name: case[name] for name in again} == again
