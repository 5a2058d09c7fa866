"""Dispatch by routing rules: named rules, faults that stay visible, people who are absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from city_core.cases.dispatch import dispatch_case
from city_core.cases.model import Case
from city_core.cases.queries import CaseFilter, page_of_cases
from city_core.cases.route_case import route_case
from city_core.cases.routing_queries import page_of_routing_faults
from city_core.cases.submit import submit_report
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.calendar import BEIJING
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import content_of
from city_core.kit.rulebook.tables import read_csv
from tests.hand_clock import HandClock
from tests.integration.cases.support import DRAFT, People, command, do_all_work, stored
from tests.routing_rows import publish_rules, rule_row
from tests.rulebooks import put_in_force
from tests.village import COMMUNITY, STREET

GARBAGE = {"type_prefixes": ["E0110"], "street_codes": [STREET]}


async def reported(city: City, people: People) -> Row:
    case = await submit_report(city, people["inspector-1"], command(), DRAFT)
    await do_all_work(city)
    return await stored(city, case)


def whys(case: Row) -> list[str]:
    return [reason["why"] for reason in case["history"][-1]["reasons"]]


async def test_a_rule_sends_a_case_and_its_version_stays_on_record(city: City, people: People) -> None:
    await publish_rules(city, rule_row(10, "sanitation"))
    version = await publish_rules(city, rule_row(10, "water", **GARBAGE))
    case = await reported(city, people)
    assert (case["state"], case["department_id"]) == ("DISPATCHED", "water")
    assert case["task"]["assignee_id"] == "officer-other"
    assert case["rules"]["routing"] == version == 2
    assert case["history"][-1]["reasons"][0] == {
        "why": "ROUTED", "position": 10, "name_zh": "规则10", "name_en": "rule 10", "version": 2,
    }  # fmt: skip


async def test_without_rules_the_answering_department_gets_it(city: City, people: People) -> None:
    case = await reported(city, people)
    assert (case["department_id"], case["rules"]["routing"]) == ("sanitation", 0)
    assert whys(case) == ["ANSWERS_FOR", "NEAREST"]


async def test_another_districts_officers_get_and_see_a_case_that_a_rule_sends_them(
    city: City, people: People
) -> None:
    await city.database.departments.update_one({"_id": "water"}, {"$set": {"district_code": "370306"}})
    await publish_rules(city, rule_row(10, "water", community_codes=[COMMUNITY]))
    case = await reported(city, people)
    across = replace(people["officer-other"], person_id="officer-unborn")
    seen = await page_of_cases(city, across, CaseFilter(), first=10)
    assert [row["_id"] for row in seen.rows] == [case["_id"]]
    assert (await page_of_cases(city, people["officer-1"], CaseFilter(), first=10)).rows == []


async def test_point_to_point_reaches_the_named_officer(city: City, people: People) -> None:
    await publish_rules(city, rule_row(10, "sanitation", officer_ids=["officer-2"]))
    assert (await reported(city, people))["task"]["assignee_id"] == "officer-2"


async def test_named_people_who_are_absent_are_replaced_and_that_is_on_record(
    city: City, people: People
) -> None:
    await publish_rules(city, rule_row(10, "sanitation", officer_ids=["officer-2"]))
    await city.database.people.update_one({"_id": "officer-2"}, {"$set": {"on_duty": False}})
    case = await reported(city, people)
    assert case["task"]["assignee_id"] == "officer-1"
    assert whys(case) == ["ROUTED", "NAMED_ABSENT", "NEAREST"]
    assert case["history"][-1]["reasons"][1]["officer_ids"] == ["officer-2"]


async def faulty(city: City, people: People) -> Row:
    await publish_rules(city, rule_row(10, "water", **GARBAGE), rule_row(20, "sanitation"))
    await city.database.departments.delete_one({"_id": "water"})
    return await reported(city, people)


async def test_a_rule_that_fails_is_on_record_and_a_dispatcher_is_told(city: City, people: People) -> None:
    case = await faulty(city, people)
    assert (
        case["state"],
        case["department_id"],
        [item for item in case["work"] if item["kind"] != "escalate"],
    ) == ("FILED", None, [])
    row = case["history"][-1]
    assert (row["action"], row["role"], whys(case)) == ("NOTE_ROUTING_FAULT", "SYSTEM", ["DEPARTMENT_GONE"])
    fault = case["routing_fault"]
    assert (fault["why"], fault["position"], fault["version"]) == ("DEPARTMENT_GONE", 10, 1)
    assert case["filed_at"] <= fault["at"] <= row["at"]
    [message] = await city.database.inbox_messages.find({"kind": "ROUTING_FAULT"}).to_list(None)
    assert (message["person_id"], message["case_id"]) == ("dispatcher-1", case["_id"])
    Case.model_validate({**case, "id": case["_id"]})


async def test_a_dispatcher_decides_what_no_rule_can(city: City, people: People) -> None:
    case = await faulty(city, people)
    dispatcher = people["dispatcher-1"]
    with pytest.raises(CityProblem, match="ROUTING_FAULT"):
        await dispatch_case(city, dispatcher, case["_id"], command())
    assert await stored(city, case) == case
    assert [row["_id"] for row in (await faults_of(city, people, "dispatcher-1")).rows] == [case["_id"]]
    done = await dispatch_case(city, dispatcher, case["_id"], command(), department_id="sanitation")
    assert (done["state"], done["routing_fault"]) == ("DISPATCHED", None)
    assert (await faults_of(city, people, "dispatcher-1")).rows == []


async def test_a_department_that_is_gone_is_not_dispatched_to_by_hand_either(
    city: City, people: People
) -> None:
    case = await faulty(city, people)
    await city.database.departments.update_one({"_id": "sanitation"}, {"$set": {"disabled": True}})
    with pytest.raises(CityProblem, match="DEPARTMENT_UNKNOWN"):
        await dispatch_case(city, people["dispatcher-1"], case["_id"], command(), department_id="sanitation")
    assert await stored(city, case) == case


async def faults_of(city: City, people: People, who: str, first: int = 10, after: str | None = None) -> Page:
    return await page_of_routing_faults(city, people[who], first=first, after=after)


async def test_routing_faults_come_page_by_page_to_seats_of_the_street_only(
    city: City, people: People
) -> None:
    cases = [await faulty(city, people)] + [await reported(city, people) for _ in range(2)]
    page = await faults_of(city, people, "dispatcher-1", first=2)
    assert [row["_id"] for row in page.rows] == [case["_id"] for case in cases[:2]]
    assert page.has_next
    rest = await faults_of(city, people, "dispatcher-1", first=2, after=page.end_cursor)
    assert [row["_id"] for row in rest.rows] == [cases[2]["_id"]]
    elsewhere = replace(people["dispatcher-1"], street_codes=frozenset({"far"}))
    assert (await page_of_routing_faults(city, elsewhere, first=10)).rows == []
    for who in ("citizen-1", "officer-1", "inspector-1", "administrator-1"):
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await faults_of(city, people, who)


async def test_a_type_that_nobody_answers_for_is_a_named_fault(city: City, people: People) -> None:
    await city.database.departments.update_one({"_id": "sanitation"}, {"$set": {"answers_for": []}})
    case = await reported(city, people)
    assert (case["state"], whys(case)) == ("FILED", ["NO_DEPARTMENT"])


async def test_the_queue_of_faults_is_read_from_its_index(city: City, people: People) -> None:
    query = {"routing_fault": {"$type": "object"}, "state": "FILED"}
    plan = await city.database.cases.find(query).sort([("routing_fault.at", 1), ("_id", 1)]).explain()
    assert "routing_faults" in str(plan["queryPlanner"]["winningPlan"])
    assert "'SORT'" not in str(plan["queryPlanner"]["winningPlan"])


def beijing_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("at", "department_id"),
    [("2026-06-05T10:00", "water"), ("2026-06-05T13:00", "sanitation"), ("2026-06-06T10:00", "sanitation")],
)
async def test_a_rule_may_hold_in_working_time_only(
    city: City, people: People, at: str, department_id: str
) -> None:
    await publish_rules(city, rule_row(10, "water", working_time=True))
    routed = await route_case(replace(city, clock=HandClock(beijing_time(at))), await reported(city, people))
    assert routed.id == department_id


@pytest.mark.parametrize(
    ("at", "department_id"), [("2026-06-06T01:30", "water"), ("2026-06-06T02:00", "sanitation")]
)
async def test_the_hour_of_dispatch_decides_by_the_clock_of_the_city(
    city: City, people: People, at: str, department_id: str
) -> None:
    await publish_rules(city, rule_row(10, "water", hours_from="18:00", hours_to="02:00", weekdays=["5"]))
    routed = await route_case(replace(city, clock=HandClock(beijing_time(at))), await reported(city, people))
    assert routed.id == department_id


async def test_a_rule_may_speak_of_a_named_module(city: City, people: People) -> None:
    content = await content_of(city, CATALOGUE_BOOK, 1)
    tables = {table.name: table for table in CATALOGUE_BOOK.tables}
    modules = "module,name_zh,name_en,certainty\nnight,夜经济,night,invented\nair,大气,air,invented\n"
    members = "module,major_code,major_zh,major_en,type_code,certainty\nnight,01,夜,night,E0110,invented\n"
    named = {
        "modules": read_csv(tables["modules"], modules).rows,
        "module_types": read_csv(tables["module_types"], members).rows,
    }
    assert all(named.values())
    await put_in_force(city, CATALOGUE_BOOK, {**content, **named})
    await publish_rules(
        city, rule_row(10, "sanitation", modules=["air"]), rule_row(20, "water", modules=["night"])
    )
    assert (await reported(city, people))["department_id"] == "water"


async def test_a_condition_names_its_department_where_no_rule_speaks(city: City, people: People) -> None:
    content = await content_of(city, CATALOGUE_BOOK, 1)
    rows = [
        {**row, "departments": ["water"] if row["type_code"] == "E0110" else []}
        for row in content["filing_conditions"]
    ]
    await put_in_force(city, CATALOGUE_BOOK, {**content, "filing_conditions": rows})
    case = await reported(city, people)
    assert (case["state"], case["department_id"]) == ("DISPATCHED", "water")
    assert case["history"][-1]["reasons"][0] == {"why": "CONDITION_SAYS", "condition_id": "E0110-1"}
    await put_in_force(city, CATALOGUE_BOOK, content)
    assert (await route_case(city, case)).id == "water"  # the catalogue that it was filed under
    assert (await route_case(city, {**case, "level": "STREET"})).id != "water"
    assert (await reported(city, people))["department_id"] == "sanitation"
    await city.database.departments.delete_one({"_id": "water"})
    fault = await route_case(city, case)
    assert (fault.is_fault, fault.reason["department_ids"]) == (True, ["water"])
