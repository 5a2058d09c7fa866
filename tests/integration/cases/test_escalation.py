"""Warnings and cards on a real mongod, on a clock that is turned through the days."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from city_core.bootstrap import open_city
from city_core.cases.accept import accept_task
from city_core.cases.dispatch import dispatch_case
from city_core.cases.escalate import escalate_case
from city_core.cases.escalation import DEFAULT, ESCALATION_RULES
from city_core.cases.record import Step, change_case
from city_core.cases.return_task import return_task
from city_core.cases.submit import ReportDraft, submit_report
from city_core.cases.urge import urge_case
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import publish
from city_core.kit.waking import QuietWaker
from city_core.kit.work import claim
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_core.people.set_absence import set_absence
from city_demo.embedded import EmbeddedMongod
from city_workers.jobs import handlers_with
from tests.conftest import empty, settings_for
from tests.hand_clock import HandClock, beijing
from tests.village import INSIDE, found_village
from tests.work_by_hand import command, do_due_work, due_work, stored, told

DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [])
NINE = beijing(2, 9)  # four working hours from here end at 15:00
People = dict[str, Actor]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NINE)


@pytest.fixture
async def timed_city(mongod: EmbeddedMongod, clock: HandClock) -> AsyncIterator[City]:
    settings = settings_for(mongod)
    async with open_city(settings, app_name="test", clock=clock, waker=QuietWaker()) as opened:
        yield opened
        await empty(opened.database)


@pytest.fixture
async def people(timed_city: City) -> People:
    return await found_village(timed_city)


async def off_duty(city: City, *names: str) -> None:
    await city.database.people.update_many({"_id": {"$in": list(names)}}, {"$set": {"on_duty": False}})


async def dispatched(city: City, people: People, holder: str = "officer-1") -> Row:
    """Have a case dispatched at nine, to a known officer."""
    others = {"officer-1", "officer-2"} - {holder}
    await off_duty(city, *others)
    case = await submit_report(city, people["inspector-1"], command(), DRAFT)
    await do_due_work(city)
    await city.database.people.update_many({"_id": {"$in": list(others)}}, {"$set": {"on_duty": True}})
    case = await stored(city, case)
    assert (case["state"], case["task"]["assignee_id"]) == ("DISPATCHED", holder or None)
    return case


def cards(case: Row) -> list[tuple[str, int, str, list[str]]]:
    return [(card["clock"], card["step"], card["kind"], card["told"]) for card in case["cards"]]


def pending(case: Row) -> dict[str, datetime]:
    return {item["key"]: item["input"]["due_at"] for item in case["work"] if item["kind"] == "escalate"}


async def test_cards_go_up_the_ladder_level_by_level(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    assert pending(case) == {
        "escalate:HANDLE:4:3": beijing(2, 14, 12),
        "escalate:CASE:3:1": beijing(2, 15),
    }
    expected: list[tuple[str, int, str, list[str]]] = []
    for at, *new in (
        (beijing(2, 14, 11),),
        (beijing(2, 14, 12), ("HANDLE", 3, "WARNING", ["officer-1"])),
        (beijing(2, 14, 59),),
        (
            beijing(2, 15),
            ("HANDLE", 4, "YELLOW", ["officer-1", "dispatcher-1"]),
            ("CASE", 1, "YELLOW", ["leader-of-shift"]),
        ),
        (beijing(3, 8, 59),),
        (beijing(3, 9), ("HANDLE", 5, "RED", ["officer-1", "leader-of-shift"])),
        (beijing(3, 15), ("HANDLE", 6, "RED", ["leader-of-street"])),
        (
            beijing(5, 15),
            ("HANDLE", 7, "RED", ["leader-1"]),
            ("CASE", 2, "RED", ["leader-of-street", "leader-1"]),
        ),
        (beijing(30, 15),),
    ):
        clock.set(at)
        await do_due_work(timed_city)
        expected += new
        case = await stored(timed_city, case)
        assert sorted(cards(case)) == sorted(expected), at
    assert pending(case) == {}
    assert await told(timed_city, "CASE_WARNING") == ["officer-1"]
    assert await told(timed_city, "YELLOW_CARD") == ["dispatcher-1", "leader-of-shift", "officer-1"]
    leaders = ["leader-1", "leader-1", "leader-of-shift", "leader-of-street", "leader-of-street"]
    assert await told(timed_city, "RED_CARD") == [*leaders, "officer-1"]
    assert case["people_involved"] == ["inspector-1", "officer-1"]


async def test_a_comment_moves_nothing_and_a_return_begins_anew(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    before = pending(case)
    clock.set(beijing(2, 14))
    await urge_case(timed_city, people["dispatcher-1"], case["_id"], command(), text="请尽快")
    await accept_task(timed_city, people["officer-1"], case["_id"], command())
    assert pending(await stored(timed_city, case)) == before
    await return_task(timed_city, people["officer-1"], case["_id"], command(), opinion="不属本单位")
    case = await stored(timed_city, case)
    seq = case["version"]
    assert case["unassigned_since"] == beijing(2, 14)
    assert pending(case) == {
        f"escalate:DISPATCH:{seq}:1": beijing(2, 14, 1),
        f"escalate:DISPATCH:{seq}:3": beijing(2, 14, 12),
        "escalate:CASE:3:1": beijing(2, 15),
    }
    await dispatch_case(timed_city, people["dispatcher-1"], case["_id"], command(), officer_id="officer-2")
    again = pending(await stored(timed_city, case))
    assert again == {"escalate:HANDLE:4:3": beijing(2, 14, 12), "escalate:CASE:3:1": beijing(2, 15)}


async def test_a_case_that_nobody_has_is_told_at_once(
    timed_city: City, people: People, clock: HandClock
) -> None:
    await off_duty(timed_city, "officer-1", "officer-2")
    case = await submit_report(timed_city, people["inspector-1"], command(), DRAFT)
    await do_due_work(timed_city)
    case = await stored(timed_city, case)
    assert (case["task"]["assignee_id"], case["unassigned_since"]) == (None, NINE)
    assert cards(case) == [("HANDLE", 1, "UNASSIGNED", ["dispatcher-1", "leader-of-shift"])]
    clock.set(beijing(2, 9, 30))
    await do_due_work(timed_city)
    case = await stored(timed_city, case)
    assert cards(case)[1:] == [("HANDLE", 2, "UNASSIGNED", ["leader-of-street"])]
    assert await told(timed_city, "CASE_UNASSIGNED") == [
        "dispatcher-1",
        "leader-of-shift",
        "leader-of-street",
    ]
    await accept_task(timed_city, people["officer-1"], case["_id"], command())
    case = await stored(timed_city, case)
    assert case["unassigned_since"] is None
    assert pending(case) == {"escalate:HANDLE:4:3": beijing(2, 14, 12), "escalate:CASE:3:1": beijing(2, 15)}


async def test_two_schedulers_and_a_killed_process_make_one_card(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    clock.set(beijing(2, 14, 12))
    [wake] = await due_work(timed_city)
    killed = await claim(timed_city, wake)
    assert killed is not None
    clock.turn(seconds=timed_city.settings.work_lease_seconds + 1)
    handlers = handlers_with(LogPushGateway())
    done = await asyncio.gather(*(perform(timed_city, handlers, wake) for _ in range(8)))
    assert sum(done) == 1
    with pytest.raises(CityProblem, match="STEP_NOT_POSSIBLE"):
        await escalate_case(timed_city, case["_id"], killed)
    await do_due_work(timed_city)
    case = await stored(timed_city, case)
    assert cards(case) == [("HANDLE", 3, "WARNING", ["officer-1"])]
    assert [row["action"] for row in case["history"]].count("ESCALATE") == 1
    assert await told(timed_city, "CASE_WARNING") == ["officer-1"]


async def test_a_worker_that_died_before_it_wrote_is_replaced_after_its_lease(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    clock.set(beijing(2, 14, 12))
    [wake] = await due_work(timed_city)
    assert await claim(timed_city, wake) is not None
    await urge_case(timed_city, people["dispatcher-1"], case["_id"], command(), text="请尽快")
    await do_due_work(timed_city, ["escalate"])
    assert cards(await stored(timed_city, case)) == []
    clock.turn(seconds=timed_city.settings.work_lease_seconds + 1)
    await do_due_work(timed_city, ["escalate"])
    assert cards(await stored(timed_city, case)) == [("HANDLE", 3, "WARNING", ["officer-1"])]


async def test_the_absent_are_passed_over_and_that_is_on_record(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    await set_absence(
        timed_city, people["officer-1"], command().client_id, person_id=None,
        starts_at=NINE, ends_at=beijing(20, 9), reason="病假",
    )  # fmt: skip
    await off_duty(timed_city, "officer-2", "dispatcher-1")
    clock.set(beijing(2, 14, 12))
    await do_due_work(timed_city)
    case = await stored(timed_city, case)
    assert cards(case) == [("HANDLE", 3, "WARNING", ["leader-of-shift"])]
    assert case["history"][-1]["reasons"] == [
        {"why": "CARD", "kind": "WARNING", "clock": "HANDLE", "step": 3},
        {"why": "PASSED_OVER", "rungs": ["HOLDER", "DEPARTMENT", "DISPATCHER"]},
    ]
    assert case["history"][-1]["facts"]["card"]["told"] == ["leader-of-shift"]


async def test_a_deputy_is_told_for_an_absent_holder(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    await set_absence(
        timed_city, people["leader-of-shift"], command().client_id, person_id="officer-1",
        starts_at=NINE, ends_at=beijing(20, 9), reason="出差", deputy_id="officer-2",
    )  # fmt: skip
    clock.set(beijing(2, 14, 12))
    await do_due_work(timed_city)
    assert cards(await stored(timed_city, case)) == [("HANDLE", 3, "WARNING", ["officer-2"])]


async def decide(city: City, actor: Actor, case: Row, action: Action, **step: Any) -> Row:
    async def decided(_: Row) -> Step:
        return Step(**step)

    return await change_case(city, actor, case["_id"], action, decided)


async def test_a_suspended_case_is_left_alone_and_its_steps_move(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    leader = people["leader-of-shift"]
    clock.set(beijing(2, 10))
    await decide(timed_city, leader, case, Action.DECIDE_SUSPENSION, to=State.SUSPENDED)
    suspended = await stored(timed_city, case)
    assert (pending(suspended), suspended["red_at"]) == ({}, None)
    clock.set(beijing(4, 10))
    await do_due_work(timed_city)
    assert cards(await stored(timed_city, case)) == []
    await decide(timed_city, leader, case, Action.RESUME, to=State.DISPATCHED)
    assert pending(await stored(timed_city, case)) == {
        "escalate:HANDLE:4:3": beijing(4, 14, 12),
        "escalate:CASE:3:1": beijing(4, 15),
    }


async def test_an_extension_moves_the_steps_that_are_still_to_come(
    timed_city: City, people: People, clock: HandClock
) -> None:
    case = await dispatched(timed_city, people)
    clock.set(beijing(2, 14, 12))
    await do_due_work(timed_city)
    facts = {"approved": True, "final": True, "added": {"value": 4, "unit": "work_hour"}}
    await decide(timed_city, people["leader-of-shift"], case, Action.DECIDE_EXTENSION, facts=facts)
    case = await stored(timed_city, case)
    assert pending(case) == {"escalate:HANDLE:4:4": beijing(3, 9), "escalate:CASE:3:1": beijing(3, 9)}
    assert len(cards(case)) == 1


async def test_a_case_keeps_the_ladder_that_it_was_filed_under(
    timed_city: City, people: People, clock: HandClock
) -> None:
    old = await dispatched(timed_city, people)
    half = [{**row, "at_percent": 50} if row["kind"] == "WARNING" else row for row in DEFAULT["steps"]]
    published = await publish(
        timed_city, ESCALATION_RULES, {"steps": half}, by="administrator-1", client_id="c1", input_hash="h"
    )
    assert (published.version, published.faults) == (1, [])
    new = await dispatched(timed_city, people)
    assert pending(await stored(timed_city, old))["escalate:HANDLE:4:3"] == beijing(2, 14, 12)
    assert pending(new)["escalate:HANDLE:4:3"] == beijing(2, 11)


async def test_an_ended_case_has_no_step_left(timed_city: City, people: People, clock: HandClock) -> None:
    case = await dispatched(timed_city, people)
    clock.turn(hours=1)
    await decide(timed_city, people["leader-of-shift"], case, Action.DECIDE_VOID, to=State.VOID)
    clock.set(beijing(20, 9))
    await do_due_work(timed_city)
    case = await stored(timed_city, case)
    assert (case["cards"], pending(case), case["red_at"], case["yellow_at"]) == ([], {}, None, None)
    assert timedelta(0) < case["updated_at"] - NINE < timedelta(hours=2)
