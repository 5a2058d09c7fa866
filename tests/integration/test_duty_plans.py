"""Shifts and absences on a real mongod, and who is given a task."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.end_absence import end_absence
from city_core.people.plan_shifts import Turn, plan_shifts
from city_core.people.queries import inspectors_of, officers_of, on_shift, people_on_duty
from city_core.people.roles import Actor
from city_core.people.set_absence import set_absence
from tests.village import RESPONSIBILITY, STREET, found_village

People = dict[str, Actor]


@pytest.fixture
async def people(city: City) -> People:
    return await found_village(city)


def client_id() -> str:
    return uuid.uuid4().hex


def turn(start: datetime, hours: float) -> Turn:
    return Turn(start, start + timedelta(hours=hours))


async def absent(city: City, actor: Actor, person_id: str | None = None, **more: object) -> Row:
    now = city.clock.now()
    given = {"starts_at": now, "ends_at": now + timedelta(days=1), "reason": "病假", **more}
    return await set_absence(city, actor, client_id(), person_id=person_id, **given)  # type: ignore[arg-type]


async def names(city: City) -> list[str]:
    return sorted(row["_id"] for row in await officers_of(city, "sanitation"))


async def test_the_absent_get_no_task_until_they_are_back(city: City, people: People) -> None:
    assert await names(city) == ["officer-1", "officer-2"]
    row = await absent(city, people["officer-1"])
    assert await names(city) == ["officer-2"]
    on_duty = [person["_id"] for person in await people_on_duty(city, STREET, city.clock.now())]
    assert "officer-1" not in on_duty and "officer-2" in on_duty and "citizen-1" not in on_duty
    ended = await end_absence(city, people["officer-1"], row["_id"])
    assert ended["ended_at"] is not None
    assert await end_absence(city, people["dispatcher-1"], row["_id"]) == ended
    assert await names(city) == ["officer-1", "officer-2"]


async def test_those_off_shift_get_no_task(city: City, people: People) -> None:
    now = city.clock.now()
    span = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=2)}
    planner = people["leader-of-shift"]
    later, present = [turn(now + timedelta(minutes=5), 8)], [turn(now - timedelta(hours=1), 8)]
    for name, turns in (("inspector-1", later), ("inspector-2", present)):
        await plan_shifts(city, planner, client_id(), person_id=name, turns=turns, **span)
    found = await inspectors_of(city, RESPONSIBILITY, STREET)
    # Only if the shift of the other one lies in another week is that one not bound to shifts now.
    assert "inspector-2" in {row["_id"] for row in found}
    assert await on_shift(city, ["inspector-1", "inspector-2", "officer-1"], now) == {"inspector-2"}
    duty = {row["_id"]: row["shift_ends_at"] for row in await people_on_duty(city, STREET, now)}
    assert duty["inspector-2"] == present[0].ends_at and duty["officer-1"] is None


async def test_a_plan_replaces_what_was_planned_for_its_span(city: City, people: People) -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    planner, once = people["dispatcher-1"], client_id()
    span = {"person_id": "officer-1", "starts_at": monday, "ends_at": monday + timedelta(days=7)}
    first, second = (
        [turn(monday, 8), turn(monday + timedelta(days=1), 8)],
        [turn(monday + timedelta(days=2), 8)],
    )
    assert len(await plan_shifts(city, planner, once, turns=first, **span)) == 2
    await plan_shifts(city, planner, client_id(), turns=second, **span)
    repeated = await plan_shifts(city, planner, once, turns=first, **span)
    assert [row["starts_at"] for row in repeated] == [second[0].starts_at]
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await plan_shifts(city, planner, once, turns=second, **span)
    following = {**span, "starts_at": monday + timedelta(days=2, hours=1)}
    with pytest.raises(CityProblem, match="DUTY_PERIOD_INVALID"):
        await plan_shifts(
            city, planner, client_id(), turns=[turn(monday + timedelta(days=2, hours=2), 8)], **following
        )
    assert await city.database.shifts.count_documents({}) == 1


async def test_plans_of_one_person_at_once_queue_up(city: City, people: People) -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    span = {"person_id": "officer-1", "starts_at": monday, "ends_at": monday + timedelta(days=1)}
    planner = people["dispatcher-1"]
    await asyncio.gather(
        *(plan_shifts(city, planner, client_id(), turns=[turn(monday + timedelta(hours=n), 8)], **span)
          for n in range(6))
    )  # fmt: skip
    assert await city.database.shifts.count_documents({}) == 1
    [plans] = await city.database.shift_plans.find({}).to_list(None)
    assert len(plans["commands"]) == 6


@pytest.mark.parametrize(
    ("start", "hours"), [(0, 0), (0, -2), (0, 40), (-30, 8)], ids=["empty", "backwards", "long", "outside"]
)
async def test_a_wrong_shift_is_refused(city: City, people: People, start: float, hours: float) -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    wrong = turn(monday + timedelta(hours=start), hours)
    with pytest.raises(CityProblem, match="DUTY_PERIOD_INVALID"):
        await plan_shifts(
            city, people["dispatcher-1"], client_id(), person_id="officer-1",
            starts_at=monday, ends_at=monday + timedelta(days=7), turns=[wrong],
        )  # fmt: skip
    assert await city.database.shifts.count_documents({}) == 0


@pytest.mark.parametrize(
    ("who", "person", "code"),
    [
        ("officer-1", "officer-2", "NOT_ALLOWED"),
        ("citizen-1", None, "NOT_ALLOWED"),
        ("administrator-1", "officer-1", "NOT_ALLOWED"),
        ("dispatcher-1", "inspector-far", "PERSON_UNKNOWN"),
        ("dispatcher-1", "citizen-1", "PERSON_UNKNOWN"),
        ("dispatcher-1", "nobody", "PERSON_UNKNOWN"),
    ],
)
async def test_an_absence_of_somebody_elses_is_refused(
    city: City, people: People, who: str, person: str | None, code: str
) -> None:
    with pytest.raises(CityProblem, match=code):
        await absent(city, people[who], person)
    assert await city.database.absences.count_documents({}) == 0


async def test_an_absence_is_set_once_for_each_command(city: City, people: People) -> None:
    now = city.clock.now()
    given = {"person_id": "officer-1", "starts_at": now, "ends_at": now + timedelta(days=1), "reason": "事假"}
    once = client_id()
    tries = [set_absence(city, people["dispatcher-1"], once, **given) for _ in range(5)]  # type: ignore[arg-type]
    assert len({row["_id"] for row in await asyncio.gather(*tries)}) == 1
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await set_absence(city, people["dispatcher-1"], once, **{**given, "reason": "别的"})  # type: ignore[arg-type]
    for deputy in ("officer-1", "officer-other", "inspector-1", "nobody"):
        with pytest.raises(CityProblem, match="PERSON_UNKNOWN"):
            await absent(city, people["officer-1"], deputy_id=deputy)
    with pytest.raises(CityProblem, match="DUTY_PERIOD_INVALID"):
        await absent(city, people["officer-1"], starts_at=now - timedelta(days=3), ends_at=now)
    with pytest.raises(CityProblem, match="ABSENCE_UNKNOWN"):
        await end_absence(city, people["officer-2"], (await absent(city, people["officer-1"]))["_id"])
