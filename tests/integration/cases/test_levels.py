"""The three-level loop: a case at exactly one level, up by hand, for lack, by time, and down again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.cases.check import check_case
from city_core.cases.clocks.recompute import recompute_all
from city_core.cases.close import close_case
from city_core.cases.dispatch import dispatch_case
from city_core.cases.levels.downgrade import downgrade_case
from city_core.cases.levels.rules import LEVELS_BOOK
from city_core.cases.levels.upgrade import upgrade_case
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import Published, publish_csv
from tests.hand_clock import HandClock
from tests.integration.cases.support import (
    People,
    command,
    dispatched,
    do_all_work,
    handled,
    stored,
    told,
)
from tests.village import COMMUNITY, STREET, found_village

HEAD = (
    "type_prefix,start_level,community_may_close,community_limit_value,community_limit_unit,"
    "street_may_close,street_limit_value,street_limit_unit,district_may_close,district_limit_value,"
    "district_limit_unit\n"
)
MANHOLE = "C01,COMMUNITY,no,30,urgent_minute,no,1,urgent_hour,yes,2,urgent_hour\n"
LITTER = "E01,COMMUNITY,yes,2,work_hour,yes,,,yes,,\n"
MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 08:30 in Beijing
OFFICERS = {"station": "officer-station", "office": "officer-office"}


async def publish(city: City, rows: str) -> Published:
    return await publish_csv(
        city, LEVELS_BOOK, {"level_rules": HEAD + rows},
        by="administrator-1", client_id=command().client_id, input_hash=rows,
    )  # fmt: skip


async def found_levels(city: City, *names: str) -> None:
    """Add a community's station and a street's office, with an officer each."""
    areas = {"station": ("COMMUNITY", COMMUNITY), "office": ("STREET", STREET)}
    officer = await city.database.people.find_one({"_id": "officer-1"})
    assert officer is not None
    for number, name in enumerate(names):
        level, area = areas[name]
        lines = [{"type_prefix": prefix, "street_codes": []} for prefix in ("C", "E")]
        await city.database.departments.insert_one({
            "_id": name, "name_zh": name, "name_en": name, "answers_for": lines, "level": level,
            "area_code": area,
        })  # fmt: skip
        person = {"_id": OFFICERS[name], "phone": f"1990533039{number}", "department_id": name}
        await city.database.people.insert_one({**officer, **person, "name": OFFICERS[name]})


@pytest.fixture
async def clock() -> HandClock:
    return HandClock(MONDAY)


@pytest.fixture
async def timed(city: City, clock: HandClock) -> AsyncIterator[City]:
    yield replace(city, clock=clock)


@pytest.fixture
async def people(timed: City) -> People:
    people = await found_village(timed)
    await found_levels(timed, "station", "office")
    found = await timed.database.people.find({"_id": {"$in": list(OFFICERS.values())}}).to_list(None)
    officer = people["officer-1"]
    more = {
        row["_id"]: replace(officer, person_id=row["_id"], department_id=row["department_id"])
        for row in found
    }
    return {**people, **more}


async def manhole(city: City, people: People) -> Row:
    """Have a missing manhole cover reported, at a place where the community has it first."""
    assert (await publish(city, MANHOLE + LITTER)).is_published
    return await dispatched(city, people, type_code="C0102", condition_id="C0102-1")


async def refused(city: City, case: Row, step: Any) -> str:
    before = await stored(city, case)
    with pytest.raises(CityProblem) as problem:
        await step
    assert await stored(city, case) == before
    return problem.value.code


async def test_without_rules_the_district_has_every_case(timed: City, people: People) -> None:
    case = await dispatched(timed, people)
    assert (case["level"], case["department_id"]) == ("DISTRICT", "sanitation")
    assert case["clocks"]["level"] is None
    assert [item for item in case["work"] if item["kind"] == "upgrade"] == []


async def test_a_missing_manhole_cover_goes_up_to_the_district_and_is_done_within_half_a_day(
    timed: City, people: People, clock: HandClock
) -> None:
    case = await manhole(timed, people)
    assert (case["level"], case["department_id"]) == ("COMMUNITY", "station")
    assert case["task"]["assignee_id"] == "officer-station"
    assert case["clocks"]["level"]["due_at"] == MONDAY + timedelta(minutes=30)
    clock.turn(minutes=10)
    station = people["officer-station"]
    await upgrade_case(timed, station, case["_id"], command(), opinion="社区不能修复井盖，已围挡")
    await do_all_work(timed)
    case = await stored(timed, case)
    assert (case["level"], case["department_id"], case["state"]) == ("STREET", "office", "DISPATCHED")
    assert case["clocks"]["level"]["due_at"] == clock.now() + timedelta(hours=1)
    clock.turn(hours=1)
    await do_all_work(timed)
    case = await stored(timed, case)
    assert (case["level"], case["department_id"]) == ("DISTRICT", "water")
    up = [row for row in case["history"] if row["action"] == "UPGRADE"]
    assert [(row["person_id"], row["facts"]["level"]) for row in up] == [
        ("officer-station", "STREET"), ("system", "DISTRICT"),
    ]  # fmt: skip
    assert up[1]["reasons"][0]["why"] == "LEVEL_TIME_USED"
    assert await told(timed, "officer-office", "TASK_WITHDRAWN", case) == 1
    clock.turn(minutes=90)
    case = await handled(timed, people, case)
    checker = people[case["task"]["assignee_id"]]
    await check_case(timed, checker, case["_id"], command(), passed=True)
    closed = await close_case(timed, people["leader-of-shift"], case["_id"], command())
    assert closed["closed_at"] - closed["reported_at"] <= timedelta(hours=4)  # half a working day
    assert [row["action"] for row in case["history"]].count("UPGRADE") == 2
    assert [difference async for difference in recompute_all(timed)] == []


async def test_the_time_of_a_level_passes_a_case_up_exactly_once(
    timed: City, people: People, clock: HandClock
) -> None:
    case = await manhole(timed, people)
    [work] = [item for item in case["work"] if item["kind"] == "upgrade"]
    assert work["due_at"] == MONDAY + timedelta(minutes=30)
    clock.turn(minutes=30)
    await asyncio.gather(do_all_work(timed), do_all_work(timed))
    case = await stored(timed, case)
    assert (case["level"], [row["action"] for row in case["history"]].count("UPGRADE")) == ("STREET", 1)
    [work] = [item for item in case["work"] if item["kind"] == "upgrade"]
    assert work["due_at"] == clock.now() + timedelta(hours=1)


async def test_what_was_handled_in_time_does_not_go_up(timed: City, people: People, clock: HandClock) -> None:
    case = await handled(timed, people, await manhole(timed, people))
    assert [item for item in case["work"] if item["kind"] == "upgrade"] == []
    clock.turn(hours=5)
    await do_all_work(timed)
    assert (await stored(timed, case))["level"] == "COMMUNITY"


async def test_a_failed_check_lets_the_time_of_the_level_run_on(
    timed: City, people: People, clock: HandClock
) -> None:
    case = await manhole(timed, people)
    clock.turn(minutes=20)
    case = await handled(timed, people, case)
    clock.turn(hours=2)
    checker = people[case["task"]["assignee_id"]]
    await check_case(timed, checker, case["_id"], command(), passed=False, opinion="未修复")
    case = await stored(timed, case)
    [work] = [item for item in case["work"] if item["kind"] == "upgrade"]
    assert work["due_at"] == clock.now() + timedelta(minutes=10)


async def test_nobody_at_a_level_means_up_at_once_with_the_reason(timed: City, people: People) -> None:
    await timed.database.departments.delete_many({"_id": {"$in": ["station", "office"]}})
    case = await manhole(timed, people)
    assert (case["level"], case["department_id"]) == ("DISTRICT", "water")
    up = [row for row in case["history"] if row["action"] == "UPGRADE"]
    assert [row["reasons"][0] for row in up] == [
        {"why": "NOBODY_AT_LEVEL", "level": "COMMUNITY"}, {"why": "NOBODY_AT_LEVEL", "level": "STREET"},
    ]  # fmt: skip


async def test_down_again_and_only_to_where_somebody_answers(timed: City, people: People) -> None:
    await timed.database.departments.delete_one({"_id": "station"})
    case = await manhole(timed, people)
    assert case["level"] == "STREET"
    dispatcher = people["dispatcher-1"]
    nobody = downgrade_case(timed, dispatcher, case["_id"], command(), opinion="社区办")
    assert await refused(timed, case, nobody) == "LEVEL_NOT_POSSIBLE"
    await upgrade_case(timed, dispatcher, case["_id"], command(), opinion="区办")
    await do_all_work(timed)
    top = upgrade_case(timed, dispatcher, case["_id"], command(), opinion="再上")
    assert await refused(timed, case, top) == "LEVEL_NOT_POSSIBLE"
    await downgrade_case(timed, dispatcher, case["_id"], command(), opinion="街道可办")
    await do_all_work(timed)
    case = await stored(timed, case)
    assert (case["level"], case["department_id"]) == ("STREET", "office")


async def test_a_department_of_another_level_does_not_get_it(timed: City, people: People) -> None:
    case = await manhole(timed, people)
    step = dispatch_case(timed, people["dispatcher-1"], case["_id"], command(), department_id="water")
    assert await refused(timed, case, step) == "LEVEL_NOT_POSSIBLE"


async def test_passing_up_needs_a_reason_and_the_one_who_has_it(timed: City, people: People) -> None:
    case = await manhole(timed, people)
    silent = upgrade_case(timed, people["officer-station"], case["_id"], command(), opinion="")
    assert await refused(timed, case, silent) == "OPINION_REQUIRED"
    await timed.database.cases.update_one(
        {"_id": case["_id"]}, {"$push": {"assisting_department_ids": "sanitation"}}
    )
    other = upgrade_case(timed, people["officer-1"], case["_id"], command(), opinion="上报")
    assert await refused(timed, case, other) == "NOT_YOUR_TASK"


@pytest.mark.parametrize(
    ("type_code", "seat_level", "code"),
    [
        ("C0102", "COMMUNITY", "LEVEL_MAY_NOT_CLOSE"),
        ("C0102", "DISTRICT", None),
        ("E0110", "COMMUNITY", None),
    ],
)
async def test_what_a_level_may_close_is_data(
    timed: City, people: People, type_code: str, seat_level: str, code: str | None
) -> None:
    assert (await publish(timed, MANHOLE + LITTER)).is_published
    case = await dispatched(timed, people, type_code=type_code, condition_id=f"{type_code}-1")
    case = await handled(timed, people, case)
    await check_case(timed, people[case["task"]["assignee_id"]], case["_id"], command(), passed=True)
    seat = replace(people["leader-of-shift"], level=seat_level)
    step = close_case(timed, seat, case["_id"], command())
    if code is None:
        assert (await step)["state"] == "CLOSED"
    else:
        assert await refused(timed, case, step) == code


@pytest.mark.parametrize(("type_code", "state"), [("C0102", "PENDING_CLOSING"), ("E0110", "CLOSED")])
async def test_the_rule_closes_only_where_the_level_may(
    timed: City, people: People, type_code: str, state: str
) -> None:
    settings = timed.settings.model_copy(update={"auto_close": True})
    city = replace(timed, settings=settings)
    assert (await publish(city, MANHOLE + LITTER)).is_published
    case = await dispatched(city, people, type_code=type_code, condition_id=f"{type_code}-1")
    case = await handled(city, people, case)
    await check_case(city, people[case["task"]["assignee_id"]], case["_id"], command(), passed=True)
    await do_all_work(city)
    assert (await stored(city, case))["state"] == state


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ("Z99,STREET,no,,,no,,,yes,,\n", "type_prefix"),
        ("C01,STREET,no,,,no,,,no,,\n", "district_may_close"),
        ("C01,STREET,no,0,work_hour,no,,,yes,,\n", "community_limit_value"),
        ("C01,STREET,no,3,,no,,,yes,,\n", "community_limit_unit"),
        ("C01,CITY,no,,,no,,,yes,,\n", "start_level"),
        ("C01,STREET,no,,,no,,,yes,,\nC01,STREET,no,,,no,,,yes,,\n", "type_prefix"),
    ],
)
async def test_bad_rules_are_refused_and_the_old_ones_hold(
    timed: City, people: People, rows: str, column: str
) -> None:
    assert (await publish(timed, MANHOLE)).version == 1
    bad = await publish(timed, rows)
    assert [fault.column for fault in bad.faults] == [column]
    assert bad.version == 1
    case = await dispatched(timed, people, type_code="C0102", condition_id="C0102-1")
    assert case["level"] == "COMMUNITY"
