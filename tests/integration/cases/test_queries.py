"""Lists of cases on a real mongod: pages, filters, lateness, nearest, and that every query has an index."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.cases.clocks.stored import clock_rules_of
from city_core.cases.queries import CaseFilter, count_cases, find_case, nearest_cases, page_of_cases
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.catalogue.limits import Limit
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.rulebook.store import versions_in_force
from city_core.people.roles import Actor
from city_core.tasks.queries import my_tasks
from tests.rulebooks import put_in_force
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, STREET, found_village

People = dict[str, Actor]


def case_row(city: City, number: int, **more: Any) -> dict[str, Any]:
    now = city.clock.now()
    return {
        "_id": new_id(), "version": 1, "state": "DISPATCHED", "source": "CITIZEN", "reporter_id": "citizen-1",
        "client_id": uuid.uuid4().hex, "type_code": "E0110", "department_id": "sanitation",
        "place": {
            "point": {"type": "Point", "coordinates": [INSIDE[0] + number * 1e-4, INSIDE[1]]},
            "grid_code": GRID, "responsibility_grid_id": RESPONSIBILITY, "community_code": COMMUNITY,
            "street_code": STREET,
        },
        "people_involved": ["citizen-1", "officer-1"], "reported_at": now, "deadline_at": None,
        "handled_at": None, "task": {"kind": "HANDLE", "seq": 1, "assignee_id": "officer-1"}, "work": [],
        "photos": [], **more,
    }  # fmt: skip


@pytest.fixture
async def people(city: City) -> People:
    people = await found_village(city)
    await city.database.cases.insert_many([case_row(city, number) for number in range(45)])
    return people


async def test_pages_hold_every_case_once_also_while_new_ones_come(city: City, people: People) -> None:
    before = {row["_id"] async for row in city.database.cases.find({}, {"_id": 1})}
    seen: list[str] = []
    after = None
    while True:
        page = await page_of_cases(
            city, people["acceptor-1"], CaseFilter(), first=20, after=after, fields=["state"]
        )
        seen += [row["_id"] for row in page.rows]
        await city.database.cases.insert_one(case_row(city, 0))
        if not page.has_next:
            break
        after = page.end_cursor
    assert seen == sorted(before, reverse=True)


async def test_an_empty_list_has_no_next_page(city: City, people: People) -> None:
    page = await page_of_cases(city, people["citizen-2"], CaseFilter(), first=20)
    assert (page.rows, page.end_cursor, page.has_next) == ([], None, False)
    assert await count_cases(city, people["citizen-2"], CaseFilter()) == 0


async def test_late_is_past_the_deadline_and_not_handled_before_it(city: City, people: People) -> None:
    now = city.clock.now()
    hour = timedelta(hours=1)
    rows = [
        case_row(city, 1, deadline_at=now - hour),
        case_row(city, 2, deadline_at=now - hour, handled_at=now, state="PENDING_CHECK"),
        case_row(city, 3, deadline_at=now - hour, handled_at=now - 2 * hour, state="PENDING_CHECK"),
        case_row(city, 4, deadline_at=now + hour),
        case_row(city, 5, deadline_at=now - hour, handled_at=now, state="CLOSED"),
    ]
    await city.database.cases.insert_many(rows)
    seat = people["acceptor-1"]
    late = await page_of_cases(city, seat, CaseFilter(late=True), first=100, fields=["state"])
    assert {row["_id"] for row in late.rows} == {rows[0]["_id"], rows[1]["_id"]}
    assert await count_cases(city, seat, CaseFilter(late=False)) == 45 + 2


async def test_the_calendar_of_the_city_moves_deadlines(city: City) -> None:
    names = {"name_zh": "假", "name_en": "off"}
    days = [
        {"day": "2026-10-01", "kind": "rest", "opens": None, "closes": None, **names},
        {"day": "2026-10-02", "kind": "half", "opens": "10:00", "closes": "12:00", **names},
    ]
    years = [{"year": 2026, "provisional": False}]
    await put_in_force(city, CALENDAR_BOOK, {**CALENDAR_BOOK.first_content, "days": days, "years": years})
    evening = datetime(2026, 9, 30, 9, 30, tzinfo=UTC)  # 17:30 in Beijing, half an hour before closing
    measures = (await clock_rules_of(city, await versions_in_force(city))).measures
    assert measures.dates_of(evening, Limit(1, "work_hour"))[1] == datetime(2026, 10, 2, 2, 30, tzinfo=UTC)


async def test_nearest_come_first_with_their_distance(city: City, people: People) -> None:
    rows = await nearest_cases(city, people["acceptor-1"], lng=INSIDE[0], lat=INSIDE[1], first=5)
    distances = [row["distance_m"] for row in rows]
    assert len(rows) == 5 and distances == sorted(distances) and distances[0] < 1
    assert await nearest_cases(city, people["citizen-2"], lng=INSIDE[0], lat=INSIDE[1]) == []


async def test_tasks_without_deadline_come_first_then_by_deadline(city: City, people: People) -> None:
    now = city.clock.now()
    await city.database.cases.update_many({}, {"$set": {"task": None}})
    rows = [case_row(city, n, deadline_at=when) for n, when in enumerate(
        [now + timedelta(hours=3), None, now + timedelta(hours=1), None]
    )]  # fmt: skip
    await city.database.cases.insert_many(rows)
    wanted = [*sorted([rows[1]["_id"], rows[3]["_id"]]), rows[2]["_id"], rows[0]["_id"]]
    seen: list[str] = []
    after = None
    for _ in wanted:
        page = await my_tasks(city, people["officer-1"], first=1, after=after)
        seen += [row["_id"] for row in page.rows]
        after = page.end_cursor
    assert seen == wanted and not page.has_next


async def test_a_case_of_somebody_else_is_not_there(city: City, people: People) -> None:
    case = await city.database.cases.find_one({})
    assert case is not None
    for name, sees in (
        ("citizen-1", True),
        ("citizen-2", False),
        ("officer-other", False),
        ("inspector-1", True),
    ):
        assert (await find_case(city, people[name], case["_id"]) is not None) is sees


def stages(plan: dict[str, Any]) -> set[str]:
    found = {plan["stage"]}
    for inner in [plan.get("inputStage"), *plan.get("inputStages", [])]:
        if inner:
            found |= stages(inner)
    return found


@pytest.mark.parametrize("name", ["citizen-1", "inspector-1", "officer-1", "acceptor-1"])
async def test_every_list_reads_an_index(city: City, people: People, name: str) -> None:
    from city_core.cases.visibility import visible_filter

    queries: list[dict[str, Any]] = [
        visible_filter(people[name]),
        {"task.assignee_id": name, "state": {"$in": ["DISPATCHED"]}},
        {"work": {"$elemMatch": {"kind": {"$in": ["file", "notify"]}, "due_at": {"$lte": city.clock.now()}}}},
        {"photos.media_id": "x"},
        {"history.command_id": "x"},
    ]
    for query in queries:
        plan = await city.database.cases.find(query).sort("_id", -1).explain()
        assert "COLLSCAN" not in stages(plan["queryPlanner"]["winningPlan"]), query
