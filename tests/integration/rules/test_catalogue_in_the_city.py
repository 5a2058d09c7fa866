"""The catalogue and the calendar in a city: what they may not break, and what cases are filed by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from city_core.cases.command import Command
from city_core.cases.file import file_case
from city_core.cases.submit import ReportDraft, submit_report
from city_core.catalogue.calendar import CALENDAR_BOOK, calendar_of
from city_core.catalogue.catalogue import CATALOGUE_BOOK, catalogue_of
from city_core.catalogue.queries import case_types, checked_type, filing_conditions
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import Published, content_of, publish, versions_in_force
from city_core.kit.rulebook.tables import Content
from city_core.people.roles import Actor
from city_core.rules.change_calendar_day import DayChange, change_calendar_day
from tests.rulebooks import condition_row, put_in_force, type_row
from tests.village import INSIDE, found_village

SEASON = {"name": "planting", "begins": "03-01", "ends": "04-30", "name_zh": "植", "name_en": "p",
          "certainty": "invented"}  # fmt: skip


@pytest.fixture
async def people(city: City) -> dict[str, Actor]:
    return await found_village(city)


async def tried(city: City, **changes: Any) -> Published:
    content: Content = {**await content_of(city, CATALOGUE_BOOK, 1), **changes}
    mark = new_id()
    return await publish(city, CATALOGUE_BOOK, content, by="keeper", client_id=mark, input_hash=mark)


async def with_condition(city: City, **changes: Any) -> list[Any]:
    rows = (await content_of(city, CATALOGUE_BOOK, 1))["filing_conditions"]
    return [*rows, condition_row("E0409", 2, "work_hour", **changes)]


async def a_report(
    city: City, actor: Actor, type_code: str, condition_id: str | None, media_ids: Sequence[str] = ()
) -> Any:
    draft = ReportDraft(type_code, condition_id, "垃圾", *INSIDE, "WGS84", 5.0, "柳泉路", media_ids)
    return await submit_report(city, actor, Command(new_id()), draft)


async def test_a_default_department_that_there_is_not_is_refused(
    city: City, people: dict[str, Actor]
) -> None:
    published = await tried(city, filing_conditions=await with_condition(city, departments=["water", "navy"]))
    assert [str(fault) for fault in published.faults] == [
        "filing_conditions, row 5, departments: there is no department navy"
    ]
    assert await versions_in_force(city) == {"catalogue": 1}


async def test_a_limit_needs_its_season_in_the_calendar_and_the_calendar_keeps_it(
    city: City, people: dict[str, Actor]
) -> None:
    rows = await with_condition(city, limit_unit="season_day", season="planting")
    published = await tried(city, filing_conditions=rows)
    assert [str(fault) for fault in published.faults] == [
        "filing_conditions, row 5, season: the calendar has no season planting"
    ]
    first = CALENDAR_BOOK.first_content
    await put_in_force(city, CALENDAR_BOOK, {**first, "seasons": [SEASON]})
    assert (await tried(city, filing_conditions=rows)).version == 2
    gone = await publish(city, CALENDAR_BOOK, first, by="keeper", client_id="c", input_hash="c")
    assert [fault.en for fault in gone.faults] == [
        "limits of the catalogue are counted in the season planting"
    ]
    assert (await calendar_of(city)).version == 1


async def test_a_type_that_cases_have_is_ended_but_never_taken_out(
    city: City, people: dict[str, Actor]
) -> None:
    await a_report(city, people["citizen-1"], "E0409", None)
    rows = (await content_of(city, CATALOGUE_BOOK, 1))["case_types"]
    without = [row for row in rows if row["code"] != "E0409"]
    published = await tried(city, case_types=without)
    assert [fault.en for fault in published.faults] == [
        "cases have the type E0409: do not take it out, give it a valid_to"
    ]
    ended = [*without, type_row("E0409", valid_to="2026-01-31")]
    assert (await tried(city, case_types=ended)).version == 2
    catalogue = (await catalogue_of(city)).rules
    assert catalogue.types["E0409"]["name_zh"] == "类别E0409"
    assert [row["_id"] for row in await case_types(city)] == ["C0102", "E0110", "E0112"]
    with pytest.raises(CityProblem) as refusal:
        await a_report(city, people["citizen-1"], "E0409", None)
    assert refusal.value.code == "TYPE_UNKNOWN"
    assert await city.database.cases.count_documents({}) == 1


async def test_a_type_that_no_case_has_may_be_taken_out(city: City, people: dict[str, Actor]) -> None:
    rows = (await content_of(city, CATALOGUE_BOOK, 1))["case_types"]
    published = await tried(city, case_types=[row for row in rows if row["code"] != "E0409"])
    assert (published.version, published.faults) == (2, [])


async def test_a_type_and_a_condition_of_it_are_accepted_and_nothing_else(
    city: City, people: dict[str, Actor]
) -> None:
    condition = await checked_type(city, "E0110", "E0110-1")
    assert condition is not None and condition["limit_value"] == 4
    assert await checked_type(city, "E0409", None) is None
    assert await checked_type(city, None, None) is None
    for given, code in (
        (("E0999", None), "TYPE_UNKNOWN"),
        ((None, "E0110-1"), "TYPE_UNKNOWN"),
        (("E0110", "E0112-1"), "CONDITION_UNKNOWN"),
    ):
        with pytest.raises(CityProblem) as refusal:
            await checked_type(city, *given)
        assert refusal.value.code == code
    assert list(await filing_conditions(city, ["E0110", "E0409"])) == ["E0110"]


async def test_a_case_is_filed_with_the_limit_of_its_area_class(city: City, people: dict[str, Actor]) -> None:
    rows = await with_condition(city, limit_b=5, limit_c=9)
    assert (await tried(city, filing_conditions=rows)).version == 2
    for area_class, value in (("A", 2), ("B", 5), ("C", 9)):
        await city.database.unit_grids.update_many({}, {"$set": {"area_class": area_class}})
        case = await a_report(city, people["inspector-1"], "E0409", "E0409-1")
        await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"state": "PENDING_FILING"}})
        filed = await file_case(city, people["leader-of-shift"], case["_id"], Command(new_id()))
        assert (filed["limit_value"], filed["limit_unit"]) == (value, "work_hour")


async def test_one_day_of_the_calendar_is_changed_and_changed_back(
    city: City, people: dict[str, Actor]
) -> None:
    first = CALENDAR_BOOK.first_content
    await put_in_force(city, CALENDAR_BOOK, {**first, "years": [{"year": 2026, "provisional": False}]})
    keeper = people["administrator-1"]
    monday = datetime(2026, 11, 23, tzinfo=UTC).date()

    async def change(kind: str, **hours: str) -> Published:
        asked = DayChange(monday, kind, "停电", "power cut", **hours)
        return await change_calendar_day(city, keeper, Command(new_id()), asked, note="检修")

    async def hours() -> int:
        return len((await calendar_of(city)).rules.shifts_of(monday))

    assert (await change("rest")).version == 2 and await hours() == 0
    assert (await change("half", opens="08:00", closes="12:00")).version == 3 and await hours() == 1
    refused = await change("half", opens="8 Uhr", closes="12:00")
    assert [str(fault) for fault in refused.faults] == [
        "days, row 2, opens: must be a time such as 08:30, not '8 Uhr'"
    ]
    assert (await change("work")).version == 4 and await hours() == 2
    assert (await content_of(city, CALENDAR_BOOK, 4))["days"] == []
    with pytest.raises(CityProblem) as refusal:
        await change_calendar_day(
            city, people["leader-1"], Command(new_id()), DayChange(monday, "rest", "休", "off")
        )
    assert refusal.value.code == "NOT_ALLOWED"
    assert (await versions_in_force(city))["calendar"] == 4


@pytest.mark.parametrize(
    ("rule", "needed"), [({"least_photos": 3}, 3), ({"near_and_far": True}, 2), ({"least_photos": 0}, 0)]
)
async def test_an_inspector_brings_the_photos_that_the_condition_asks_for_and_a_citizen_need_not(
    city: City, people: dict[str, Actor], rule: dict[str, Any], needed: int
) -> None:
    rows = await with_condition(city, **rule)
    assert (await tried(city, filing_conditions=rows)).version == 2
    photos = [new_id() for _ in range(needed)]
    if needed:
        with pytest.raises(CityProblem) as refusal:
            await a_report(city, people["inspector-1"], "E0409", "E0409-1", photos[1:])
        problem = refusal.value
        assert (problem.code, problem.field, problem.allowed) == (
            "PHOTO_REQUIRED", "mediaIds", f"at least {needed}",
        )  # fmt: skip
        assert await city.database.cases.count_documents({}) == 0
    with_photos = await a_report(city, people["inspector-1"], "E0409", "E0409-1", photos)
    assert len(with_photos["photos"]) == needed
    await a_report(city, people["inspector-1"], "E0409", None)  # no condition chosen yet
    without = await a_report(city, people["citizen-1"], "E0409", "E0409-1")
    seat = people["leader-of-shift"]
    await city.database.cases.update_one({"_id": without["_id"]}, {"$set": {"state": "PENDING_FILING"}})
    filed = await file_case(city, seat, without["_id"], Command(new_id()))
    assert (filed["state"], filed["photos"]) == ("FILED", [])
