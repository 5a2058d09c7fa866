"""Requests on a real mongod: asked for, reviewed by the posts in turn, withdrawn, and closed by the loop."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from city_core.bootstrap import open_city
from city_core.cases.accept import accept_task
from city_core.cases.check import check_case
from city_core.cases.clocks.stored import clock_values
from city_core.cases.close import close_case
from city_core.cases.command import Command
from city_core.cases.dispatch import dispatch_case
from city_core.cases.model import Case
from city_core.cases.report_handled import report_handled
from city_core.cases.requests.appeal_case import appeal_case
from city_core.cases.requests.decide_appeal import decide_appeal
from city_core.cases.requests.decide_extension import decide_extension
from city_core.cases.requests.decide_forced_close import decide_forced_close
from city_core.cases.requests.decide_suspension import decide_suspension
from city_core.cases.requests.decide_void import decide_void
from city_core.cases.requests.limits import REQUEST_RULES
from city_core.cases.requests.request_extension import request_extension
from city_core.cases.requests.request_forced_close import request_forced_close
from city_core.cases.requests.request_suspension import request_suspension
from city_core.cases.requests.request_void import request_void
from city_core.cases.requests.resume import resume_case
from city_core.cases.requests.waiting import requests_to_review
from city_core.cases.requests.withdraw_request import withdraw_request
from city_core.cases.return_task import return_task
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import publish_csv
from city_core.kit.waking import QuietWaker
from city_core.kit.work import overdue, perform
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_demo.embedded import EmbeddedMongod
from city_workers.jobs import handlers_with
from tests.conftest import settings_for
from tests.village import INSIDE, found_village

DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [])
People = dict[str, Actor]


class HandClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.instant = SystemClock().now()

    def now(self) -> datetime:
        return self.instant

    def turn(self, **by: float) -> None:
        self.instant += timedelta(**by)


class Town:
    """A village with a clock to turn, and one case of an inspector that an officer has at hand."""

    def __init__(self, city: City, clock: HandClock, people: People) -> None:
        self.city, self.clock, self.people = city, clock, people
        self.id = ""

    async def do_all_work(self) -> None:
        handlers = handlers_with(LogPushGateway())
        for _ in range(50):
            self.clock.turn(seconds=self.city.settings.work_sweep_seconds)
            wakes = [
                wake
                for collection in ("cases", "photos", "inbox_messages")
                for wake in await overdue(self.city, collection, handlers, 100)
            ]
            if not [await perform(self.city, handlers, wake) for wake in wakes]:
                return

    async def case(self) -> Row:
        found = await self.city.database.cases.find_one({"_id": self.id})
        assert found is not None
        return found

    async def new_case(self, *, source: str = "inspector-1", accepted: bool = True) -> Row:
        """Have a case come in, filed and dispatched, and taken on by officer-1."""
        self.id = (await submit_report(self.city, self.people[source], command(), DRAFT))["_id"]
        await self.do_all_work()
        await dispatch_case(
            self.city, self.people["dispatcher-1"], self.id, command(), officer_id="officer-1"
        )
        if accepted:
            await self.do("officer-1", accept_task)
        await self.do_all_work()
        return await self.case()

    async def do(self, who: str, use_case: Any, **given: Any) -> Row:
        """Take a step on the case as somebody."""
        row: Row = await use_case(self.city, self.people[who], self.id, command(), **given)
        return row

    async def ask_extension(self, value: int = 2) -> str:
        row = await self.do("officer-1", request_extension, value=value, reason="连日下雨")
        request_id: str = row["requests"][-1]["id"]
        return request_id

    async def approve_extension(self, request_id: str) -> Row:
        given = {"request_id": request_id, "approved": True}
        await self.do("dispatcher-1", decide_extension, **given)
        return await self.do("leader-of-shift", decide_extension, **given)

    async def suspend(self, **until: float) -> Row:
        end = self.clock.now() + timedelta(**until)
        row = await self.do("officer-1", request_suspension, until=end, reason="等待施工许可")
        given = {"request_id": row["requests"][-1]["id"], "approved": True}
        return await self.do("leader-of-shift", decide_suspension, **given)

    async def walk_to_closed(self) -> Row:
        await self.do("officer-1", report_handled, opinion="已清理", media_ids=[str(uuid.uuid4())])
        await self.do_all_work()
        checker = (await self.case())["task"]["assignee_id"]
        await self.do(checker, check_case, passed=True)
        return await self.do("leader-of-shift", close_case)

    async def told(self, kind: str) -> list[str]:
        """Do the work that waits and list who was told something of a kind."""
        await self.do_all_work()
        query = {"kind": kind, "case_id": self.id}
        messages = await self.city.database.inbox_messages.find(query).sort("_id", 1).to_list(None)
        return [message["person_id"] for message in messages]

    async def refused(self, code: str, who: str, use_case: Any, **given: Any) -> CityProblem:
        """See a step refused, and that nothing happened."""
        before = await self.case()
        with pytest.raises(CityProblem) as refused:
            await self.do(who, use_case, **given)
        assert refused.value.code == code, refused.value
        assert await self.case() == before
        return refused.value


def command() -> Command:
    return Command(str(uuid.uuid4()), None, "phone:test")


@pytest.fixture
async def town(mongod: EmbeddedMongod) -> AsyncIterator[Town]:
    clock = HandClock()
    async with open_city(settings_for(mongod), app_name="t", clock=clock, waker=QuietWaker()) as city:
        yield Town(city, clock, await found_village(city))
        await city.database.client.drop_database(city.database.name)


async def test_an_extension_is_asked_for_and_approved_by_two_posts(town: Town) -> None:
    before = await town.new_case()
    request_id = await town.ask_extension()
    case = await town.case()
    assert case["state"] == "IN_PROGRESS"
    assert case["review"] == {"role": "DISPATCHER", "since": case["requests"][0]["asked_at"]}
    assert await town.told("REQUEST_TO_REVIEW") == ["dispatcher-1"]
    await town.do("dispatcher-1", decide_extension, request_id=request_id, approved=True, opinion="属实")
    case = await town.case()
    assert case["review"] == {"role": "SHIFT_LEADER", "since": case["requests"][0]["reviews"][0]["at"]}
    assert case["history"][-1]["facts"] == {"request_id": request_id, "approved": True, "final": False}
    assert await town.told("REQUEST_TO_REVIEW") == ["dispatcher-1", "leader-of-shift"]
    assert await town.told("REQUEST_DECIDED") == []
    await town.do("leader-of-shift", decide_extension, request_id=request_id, approved=True)
    case = await town.case()
    assert (case["state"], case["review"]) == ("IN_PROGRESS", None)
    assert case["history"][-1]["facts"] == {
        "request_id": request_id, "approved": True, "final": True,
        "added": {"value": 2, "unit": "work_hour", "season": None},
    }  # fmt: skip
    assert case["requests"][0]["state"] == "APPROVED"
    assert case["deadline_at"] > before["deadline_at"]
    assert case["clocks"]["case"]["budget_s"] == before["clocks"]["case"]["budget_s"] + 2 * 3_600
    assert await town.told("REQUEST_DECIDED") == ["officer-1"]
    Case.model_validate(case)


@pytest.mark.parametrize("refuser", ["dispatcher-1", "leader-of-shift"])
async def test_either_post_may_refuse_an_extension_with_a_reason(town: Town, refuser: str) -> None:
    await town.new_case()
    given = {"request_id": await town.ask_extension()}
    if refuser == "leader-of-shift":
        await town.do("dispatcher-1", decide_extension, **given, approved=True)
    await town.refused("OPINION_REQUIRED", refuser, decide_extension, **given, approved=False)
    await town.do(refuser, decide_extension, **given, approved=False, opinion="时限足够")
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("REFUSED", None)
    assert case["history"][-1]["facts"] == {**given, "approved": False, "final": True}
    assert await town.told("REQUEST_DECIDED") == ["officer-1"]
    await town.ask_extension()  # a refusal is not counted


async def test_a_third_extension_a_late_one_and_a_second_at_once_are_refused(town: Town) -> None:
    await town.new_case()
    await town.approve_extension(await town.ask_extension())
    waiting = await town.ask_extension()
    ask = {"value": 1, "reason": "雨"}
    await town.refused("REQUEST_PENDING", "officer-1", request_extension, **ask)
    await town.approve_extension(waiting)
    await town.refused("REQUEST_USED_UP", "officer-1", request_extension, **ask)
    await town.new_case()
    town.clock.instant = (await town.case())["deadline_at"] + timedelta(seconds=1)
    await town.refused("DEADLINE_PASSED", "officer-1", request_extension, **ask)
    await town.refused("OPINION_REQUIRED", "officer-1", request_extension, value=1, reason=" ")


async def test_what_was_asked_for_in_time_may_be_approved_late(town: Town) -> None:
    await town.new_case()
    request_id = await town.ask_extension()
    town.clock.instant = (await town.case())["deadline_at"] + timedelta(days=1)
    assert (await town.approve_extension(request_id))["requests"][0]["state"] == "APPROVED"


async def test_nobody_reviews_out_of_turn_or_twice_or_for_another_post(town: Town) -> None:
    await town.new_case()
    given = {"request_id": await town.ask_extension(), "approved": True}
    await town.refused("REVIEW_NOT_YOURS", "leader-of-shift", decide_extension, **given)
    await town.refused("NOT_ALLOWED", "officer-2", decide_extension, **given)
    await town.refused("CASE_NOT_FOUND", "officer-other", decide_extension, **given)
    await town.do("dispatcher-1", decide_extension, **given)
    await town.refused("REVIEW_NOT_YOURS", "dispatcher-1", decide_extension, **given)
    town.people["dispatcher-1"] = Actor(
        "dispatcher-1", town.people["leader-of-shift"].role, "x", street_codes=frozenset({"370303001"})
    )
    await town.refused("REVIEW_NOT_YOURS", "dispatcher-1", decide_extension, **given)
    await town.do("leader-of-shift", decide_extension, **given)
    await town.refused("REQUEST_NOT_PENDING", "leader-of-shift", decide_extension, **given)
    unknown = {**given, "request_id": "none"}
    await town.refused("REQUEST_UNKNOWN", "leader-of-shift", decide_extension, **unknown)


async def test_a_request_is_withdrawn_by_its_maker_only(town: Town) -> None:
    await town.new_case()
    request_id = await town.ask_extension()
    await town.refused("REQUEST_NOT_YOURS", "officer-2", withdraw_request, request_id=request_id)
    await town.do("officer-1", withdraw_request, request_id=request_id)
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("WITHDRAWN", None)
    assert await town.told("REQUEST_DECIDED") == []
    await town.refused("REQUEST_NOT_PENDING", "officer-1", withdraw_request, request_id=request_id)
    given = {"request_id": request_id, "approved": True}
    await town.refused("REQUEST_NOT_PENDING", "dispatcher-1", decide_extension, **given)


async def test_handling_goes_on_and_closes_what_has_become_pointless(town: Town) -> None:
    await town.new_case()
    given = {"request_id": await town.ask_extension(), "approved": True}
    assert (await town.walk_to_closed())["state"] == "CLOSED"
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("WITHDRAWN", None)
    assert await town.told("REQUEST_DECIDED") == ["officer-1"]
    await town.refused("STEP_NOT_POSSIBLE", "dispatcher-1", decide_extension, **given)


async def test_a_case_that_goes_to_another_department_leaves_the_request_of_the_first_behind(
    town: Town,
) -> None:
    await town.new_case(accepted=False)
    await town.ask_extension()
    await town.do("dispatcher-1", dispatch_case, officer_id="officer-2")
    assert (await town.case())["requests"][0]["state"] == "PENDING"
    await town.do("dispatcher-1", dispatch_case, officer_id="officer-other")
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("WITHDRAWN", None)
    sent = [row["receiver_department_id"] for row in case["history"] if row["action"] == "DISPATCH"]
    assert sent == ["sanitation", "sanitation", "sanitation", "water"]
    await town.refused("NOT_ALLOWED", "officer-2", request_extension, value=1, reason="雨")


async def test_a_returned_case_leaves_its_request_behind(town: Town) -> None:
    await town.new_case()
    await town.ask_extension()
    await town.do("officer-1", return_task, opinion="不属本单位")
    assert (await town.case())["requests"][0]["state"] == "WITHDRAWN"


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
    assert case["work"] == []
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
    assert {item["kind"] for item in case["work"]} == {"notify"}
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


async def test_a_seat_asks_and_the_shift_leader_voids_a_case(town: Town) -> None:
    await town.new_case()
    await town.city.database.cases.update_one(
        {"_id": town.id}, {"$set": {"source": "CITIZEN", "reporter_id": "citizen-1"}}
    )
    await town.refused("NOT_ALLOWED", "officer-1", request_void, reason="不存在")
    row = await town.do("acceptor-1", request_void, reason="重复立案")
    given = {"request_id": row["requests"][-1]["id"]}
    await town.refused("NOT_ALLOWED", "dispatcher-1", decide_void, **given, approved=True)
    await town.do("leader-of-shift", decide_void, **given, approved=False, opinion="不重复")
    assert (await town.case())["state"] == "IN_PROGRESS"
    progress = await town.told("CASE_PROGRESS")
    row = await town.do("dispatcher-1", request_void, reason="重复立案")
    given = {"request_id": row["requests"][-1]["id"]}
    case = await town.do("leader-of-shift", decide_void, **given, approved=True)
    assert (case["state"], case["task"], case["closed_at"]) == ("VOID", None, town.clock.now())
    assert await town.told("CASE_PROGRESS") == [*progress, "citizen-1"]
    assert (await town.told("TASK_WITHDRAWN"))[-1] == "officer-1"


async def test_a_forced_close_needs_a_leader_and_stays_on_record(town: Town) -> None:
    await town.new_case()
    await town.suspend(days=30)
    await town.refused("OPINION_REQUIRED", "leader-of-shift", request_forced_close, reason="")
    row = await town.do("leader-of-shift", request_forced_close, reason="拆迁，无法处置")
    given = {"request_id": row["requests"][-1]["id"]}
    assert row["review"]["role"] == "LEADER"
    assert await town.told("REQUEST_TO_REVIEW") == ["leader-of-shift", "leader-1"]
    await town.refused("NOT_ALLOWED", "leader-of-shift", decide_forced_close, **given, approved=True)
    await town.do("leader-1", decide_forced_close, **given, approved=False, opinion="再等等")
    assert (await town.case())["state"] == "SUSPENDED"
    row = await town.do("leader-of-shift", request_forced_close, reason="已拆")
    given = {"request_id": row["requests"][-1]["id"]}
    case = await town.do("leader-1", decide_forced_close, **given, approved=True)
    assert (case["state"], case["is_forced_close"], case["handled_at"]) == ("CLOSED", True, None)
    assert (case["suspended_until"], case["suspended_task"]) == (None, None)
    assert {item["kind"] for item in case["work"]} == {"notify"}
    town.clock.turn(days=31)
    await town.do_all_work()
    assert (await town.case())["state"] == "CLOSED"


async def test_a_waiting_forced_close_is_overtaken_by_the_ordinary_closing(town: Town) -> None:
    await town.new_case()
    await town.do("leader-of-shift", request_forced_close, reason="久拖")
    case = await town.walk_to_closed()
    assert (case["state"], case["is_forced_close"], case["requests"][0]["state"]) == (
        "CLOSED", False, "WITHDRAWN",
    )  # fmt: skip


async def test_an_appeal_that_is_upheld_changes_how_a_case_counts_and_no_fact(town: Town) -> None:
    await town.new_case()
    closed = await town.walk_to_closed()
    row = await town.do("officer-2", appeal_case, reason="时限误判")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await town.refused("REVIEW_NOT_YOURS", "leader-1", decide_appeal, **given)
    await town.do("leader-of-shift", decide_appeal, **given)
    assert (await town.case())["is_exempt_from_figures"] is False
    case = await town.do("leader-1", decide_appeal, **given)
    assert case["is_exempt_from_figures"] is True
    for name in ("state", "deadline_at", "handled_at", "closed_at", "rework_count", "number", "task"):
        assert case[name] == closed[name]
    assert await town.told("REQUEST_DECIDED") == ["officer-2"]
    await town.refused("REQUEST_USED_UP", "officer-1", appeal_case, reason="再申诉")


@pytest.mark.parametrize("refuser", ["leader-of-shift", "leader-1"])
async def test_an_appeal_is_refused_by_either_post_and_not_made_again(town: Town, refuser: str) -> None:
    await town.new_case()
    await town.walk_to_closed()
    row = await town.do("officer-1", appeal_case, reason="时限误判")
    given = {"request_id": row["requests"][-1]["id"]}
    if refuser == "leader-1":
        await town.do("leader-of-shift", decide_appeal, **given, approved=True)
    case = await town.do(refuser, decide_appeal, **given, approved=False, opinion="判定无误")
    assert (case["state"], case["is_exempt_from_figures"]) == ("CLOSED", False)
    await town.refused("REQUEST_USED_UP", "officer-1", appeal_case, reason="再申诉")


async def test_an_appeal_comes_too_late_or_from_a_stranger(town: Town) -> None:
    await town.new_case()
    await town.walk_to_closed()
    await town.refused("CASE_NOT_FOUND", "officer-other", appeal_case, reason="x")
    await town.refused("NOT_ALLOWED", "dispatcher-1", appeal_case, reason="x")
    town.clock.turn(days=8)
    await town.refused("APPEAL_TOO_LATE", "officer-1", appeal_case, reason="x")


async def test_published_limits_hold_for_cases_filed_under_them(town: Town) -> None:
    await town.new_case()
    old = town.id
    table = "name,value\nextensions,1\nextension_limits,1\nsuspensions,1\nsuspension_days,10\nappeals,1\n"
    given = {"by": "administrator-1", "client_id": uuid.uuid4().hex, "input_hash": "x"}
    bad = await publish_csv(town.city, REQUEST_RULES, {"limits": table}, **given)
    assert (bad.version, [fault.en for fault in bad.faults]) == (0, ["appeal_days is missing"])
    files = {"limits": f"{table}appeal_days,3\n"}
    assert (await publish_csv(town.city, REQUEST_RULES, files, **given)).version == 1
    await town.new_case()
    until = town.clock.now() + timedelta(days=11)
    await town.refused("SUSPENSION_INVALID", "officer-1", request_suspension, until=until, reason="x")
    await town.approve_extension(await town.ask_extension())
    await town.refused("REQUEST_USED_UP", "officer-1", request_extension, value=1, reason="雨")
    case = await town.case()
    assert case["rules"] == {"requests": 1}
    assert case["clocks"] == (await clock_values(town.city, case["history"]))["clocks"]
    town.id = old
    await town.do("officer-1", request_suspension, until=until, reason="等料")


async def test_every_command_can_be_repeated_and_none_reused(town: Town) -> None:
    await town.new_case()
    officer, until = town.people["officer-1"], town.clock.now() + timedelta(days=3)

    async def twice(who: str, use_case: Any, **given: Any) -> Row:
        once = command()
        first: Row = await use_case(town.city, town.people[who], town.id, once, **given)
        again: Row = await use_case(town.city, town.people[who], town.id, once, **given)
        assert again == first == await town.case()
        other = {**given, "reason" if "reason" in given else "opinion": "别的"}
        with pytest.raises(CityProblem, match="COMMAND_REUSED"):
            await use_case(town.city, town.people[who], town.id, once, **other)
        return first

    row = await twice("officer-1", request_extension, value=1, reason="雨")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("dispatcher-1", decide_extension, **given)
    await twice("leader-of-shift", decide_extension, **given)
    row = await twice("acceptor-1", request_void, reason="重复")
    await twice("acceptor-1", withdraw_request, request_id=row["requests"][-1]["id"])
    row = await twice("dispatcher-1", request_void, reason="重复")
    refusal = {"request_id": row["requests"][-1]["id"], "approved": False, "opinion": "不"}
    await twice("leader-of-shift", decide_void, **refusal)
    row = await twice(officer.person_id, request_suspension, until=until, reason="等料")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("leader-of-shift", decide_suspension, **given)
    await twice("dispatcher-1", resume_case)
    row = await twice("leader-of-shift", request_forced_close, reason="拆")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("leader-1", decide_forced_close, **given)
    row = await twice("officer-1", appeal_case, reason="误判")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("leader-of-shift", decide_appeal, **given)
    await twice("leader-1", decide_appeal, **given)


async def test_the_queue_shows_a_post_what_waits_for_it_in_its_streets_oldest_first(town: Town) -> None:
    cases = []
    for _ in range(5):
        await town.new_case()
        cases.append((town.id, await town.ask_extension()))
        town.clock.turn(seconds=1)
    seen: list[str] = []
    after = None
    while True:
        page = await requests_to_review(town.city, town.people["dispatcher-1"], first=2, after=after)
        seen += [row["_id"] for row in page.rows]
        if not page.has_next:
            break
        after = page.end_cursor
    assert seen == [case_id for case_id, _ in cases]
    for who in ("leader-of-shift", "leader-1", "officer-1", "citizen-1", "administrator-1"):
        assert (await requests_to_review(town.city, town.people[who], first=10)).rows == []
    far = Actor("dispatcher-far", town.people["dispatcher-1"].role, street_codes=frozenset({"far"}))
    assert (await requests_to_review(town.city, far, first=10)).rows == []
    town.id = cases[0][0]
    await town.do("dispatcher-1", decide_extension, request_id=cases[0][1], approved=True)
    page = await requests_to_review(town.city, town.people["leader-of-shift"], first=10)
    assert [row["_id"] for row in page.rows] == [town.id]
    with pytest.raises(CityProblem, match="PAGE_INVALID"):
        await requests_to_review(town.city, town.people["dispatcher-1"], first=2, after="x")


async def test_the_queue_is_read_from_its_index(town: Town) -> None:
    await town.new_case()
    await town.ask_extension()
    query = {"review.role": "DISPATCHER", "place.street_code": {"$in": ["370303001", "other"]}}
    found = town.city.database.cases.find(query).sort([("review.since", 1), ("_id", 1)])
    plan = (await found.explain())["queryPlanner"]["winningPlan"]
    assert "requests_to_review" in str(plan)
    assert "'stage': 'SORT'" not in str(plan)
