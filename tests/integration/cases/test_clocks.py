"""Deadlines on record: every write derives them, recomputing gives the stored values, anyone may ask why."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.clocks.recompute import Difference, recompute_all
from city_core.cases.clocks.rules import CLOCK_RULES
from city_core.cases.clocks.stages import ClockName
from city_core.cases.command import Command
from city_core.cases.dispatch import dispatch_case
from city_core.cases.explain_deadline import explain_deadline
from city_core.cases.file import file_case
from city_core.cases.report_handled import report_handled
from city_core.cases.return_task import return_task
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.calendar import BEIJING
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import publish
from city_core.kit.work import Wake
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from city_workers.recompute import compare
from tests.hand_clock import HandClock
from tests.village import INSIDE

DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [])  # 4 work hours
NIGHT, MONDAY = datetime(2026, 11, 16, 2, tzinfo=BEIJING), datetime(2026, 11, 16, 9, tzinfo=BEIJING)
People = dict[str, Actor]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NIGHT)


@pytest.fixture
def manual(city: City, clock: HandClock) -> City:
    """A city whose time stands still until a test moves it, and where people file and dispatch."""
    settings = city.settings.model_copy(update={"auto_file": False, "auto_dispatch": False})
    return replace(city, clock=clock, settings=settings)


def command() -> Command:
    return Command(str(uuid.uuid4()), None, "phone:test")


async def reported(city: City, people: People) -> Row:
    case = await submit_report(city, people["inspector-1"], command(), DRAFT)
    wake = Wake("triage", "cases", case["_id"], "triage", city.clock.now())
    assert await perform(city, handlers_with(LogPushGateway()), wake)
    return case


async def dispatched(city: City, clock: HandClock, people: People) -> Row:
    case = await reported(city, people)
    clock.instant = MONDAY
    await file_case(city, people["acceptor-1"], case["_id"], command())
    clock.instant += timedelta(minutes=10)
    return await dispatch_case(
        city, people["dispatcher-1"], case["_id"], command(), officer_id="officer-1"
    )  # fmt: skip


async def differences(city: City) -> list[Difference]:
    return [difference async for difference in recompute_all(city)]


async def test_every_write_derives_the_clocks(manual: City, clock: HandClock, people: People) -> None:
    case = await submit_report(manual, people["inspector-1"], command(), DRAFT)
    assert case["clocks"]["stage"]["name"] == "ACCEPT"
    assert case["stage_due_at"] == datetime(2026, 11, 16, 8, 15, tzinfo=BEIJING)
    assert case["deadline_at"] is None
    case = await dispatched(manual, clock, people)
    assert case["deadline_at"] == datetime(2026, 11, 16, 15, 0, tzinfo=BEIJING)
    assert case["stage_due_at"] == datetime(2026, 11, 16, 15, 10, tzinfo=BEIJING)
    assert case["clocks"]["past"] == [
        {"name": "ACCEPT", "key": "", "used_s": 3600, "budget_s": 900, "in_time": False},
        {"name": "DISPATCH", "key": "DISTRICT", "used_s": 600, "budget_s": 900, "in_time": True},
    ]
    clock.instant += timedelta(hours=1)
    case = await return_task(manual, people["officer-1"], case["_id"], command(), opinion="不归我部门")
    assert case["deadline_at"] == datetime(2026, 11, 16, 15, 0, tzinfo=BEIJING)
    assert case["clocks"]["case"]["used_s"] == 4200
    assert await differences(manual) == []


async def test_new_rules_are_for_cases_filed_after(manual: City, clock: HandClock, people: People) -> None:
    old = await dispatched(manual, clock, people)
    rows = [{**row, "value": 30} for row in CLOCK_RULES.first_content["stage_limits"]]
    content = {**CLOCK_RULES.first_content, "stage_limits": rows}
    made = {"by": "administrator-1", "client_id": "1", "input_hash": "1"}
    published = await publish(manual, CLOCK_RULES, content, **made)
    assert published.faults == []
    clock.instant = NIGHT
    new = await submit_report(manual, people["inspector-1"], command(), DRAFT)
    assert new["stage_due_at"] == datetime(2026, 11, 16, 8, 30, tzinfo=BEIJING)
    clock.instant = MONDAY + timedelta(hours=1)
    case = await return_task(manual, people["officer-1"], old["_id"], command(), opinion="不归我部门")
    assert case["stage_due_at"] == MONDAY + timedelta(hours=1, minutes=15)
    assert await differences(manual) == []


async def test_what_was_changed_by_hand_is_found(
    manual: City, clock: HandClock, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    case = await dispatched(manual, clock, people)
    await reported(manual, people)
    assert await compare(manual) == 0
    assert "2 cases recomputed" in capsys.readouterr().out
    later = case["deadline_at"] + timedelta(days=1)
    await manual.database.cases.update_one(
        {"_id": case["_id"]}, {"$set": {"deadline_at": later, "clocks.case.used_s": 0}}
    )
    assert await differences(manual) == [
        Difference(case["_id"], "clocks.case.used_s", 0, 600),
        Difference(case["_id"], "deadline_at", later, case["deadline_at"]),
    ]
    assert await compare(manual) == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{case['_id']} clocks.case.used_s: stored 0, computed 600"
    assert lines[-1].endswith("2 differences.")


async def test_a_history_that_cannot_be_is_a_difference_too(
    manual: City, clock: HandClock, people: People
) -> None:
    case = await dispatched(manual, clock, people)
    await manual.database.cases.update_one(
        {"_id": case["_id"]}, {"$set": {"history.2.facts.limit.value": 0}}
    )  # fmt: skip
    [difference] = await differences(manual)
    assert (difference.case_id, difference.field) == (case["_id"], "history")
    assert "LIMIT_INVALID" in difference.computed


async def test_handling_in_time_stays_in_time(manual: City, clock: HandClock, people: People) -> None:
    case = await dispatched(manual, clock, people)
    await accept_task(manual, people["officer-1"], case["_id"], command())
    clock.instant += timedelta(hours=1)
    done = {"opinion": "好了", "media_ids": [uuid.uuid4().hex]}
    case = await report_handled(manual, people["officer-1"], case["_id"], command(), **done)
    assert case["clocks"]["past"][-1]["in_time"] is True
    assert case["clocks"]["case"]["stopped_at"] == clock.instant
    assert case["deadline_at"] == datetime(2026, 11, 16, 15, 0, tzinfo=BEIJING)


async def test_only_who_may_see_a_case_is_told_why(manual: City, clock: HandClock, people: People) -> None:
    case = await dispatched(manual, clock, people)
    found = await explain_deadline(manual, people["officer-1"], case["_id"], ClockName.CASE)
    assert found.clock is not None
    assert found.clock.due_at == case["deadline_at"]
    for name in ("citizen-2", "officer-other", "inspector-far"):
        with pytest.raises(CityProblem) as refused:
            await explain_deadline(manual, people[name], case["_id"], ClockName.CASE)
        assert refused.value.code == "CASE_NOT_FOUND"
