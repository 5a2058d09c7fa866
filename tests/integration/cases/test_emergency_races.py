"""On, off, on at any moment: no case is lost, each change of clock is written once, whoever dies."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.clocks.stored import CLOCK_FIELDS
from city_core.cases.emergency.end import end_emergency
from city_core.cases.emergency.start import start_emergency
from city_core.cases.emergency.switch_clock import switch_clock
from city_core.cases.emergency.switching import begin_again, switch_clocks
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.kit.work import claim
from city_core.people.roles import Actor
from tests.integration.cases.emergencies import COMMUNITY, Town, command, found_town, switches
from tests.integration.cases.support import clock_values
from tests.village import STREET

MORNING = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
async def town(city: City) -> Town:
    return await found_town(city, MORNING)


def switch_wake(town: Town, emergency: Mapping[str, Any]) -> Wake:
    return Wake("switch_clocks", "emergencies", emergency["_id"], "switch_clocks", town.clock.now())


async def test_a_worker_that_comes_back_from_the_dead_switches_nothing_twice(town: Town) -> None:
    cases = [await town.report() for _ in range(3)]
    emergency = await start_emergency(town.city, town.leader, command(), town.order())
    late = await claim(town.city, switch_wake(town, emergency))
    assert late is not None
    town.clock.turn(seconds=town.city.settings.work_lease_seconds + 1)
    await town.work()
    await asyncio.gather(switch_clocks(town.city, late), switch_clocks(town.city, late))
    for case in cases:
        assert switches(await town.case(case)) == [emergency["_id"]]
    items = [item["kind"] for item in (await town.emergency(emergency))["work"]]
    assert items == ["switch_clocks"]
    await end_emergency(town.city, town.leader, emergency["_id"], command(), reason="水已退")
    await asyncio.gather(switch_clocks(town.city, late), town.work(), town.work())
    for case in cases:
        assert switches(await town.case(case)) == [emergency["_id"], None]


async def test_of_many_workers_at_one_case_one_switches_it(town: Town) -> None:
    case = await town.report()
    emergency = await start_emergency(town.city, town.leader, command(), town.order())
    done = await asyncio.gather(*(switch_clock(town.city, case["_id"]) for _ in range(8)))
    assert sorted(done) == [False] * 7 + [True]
    assert switches(await town.case(case)) == [emergency["_id"]]


async def test_an_emergency_is_never_given_up(town: Town) -> None:
    emergency = await start_emergency(town.city, town.leader, command(), town.order())
    held = await claim(town.city, switch_wake(town, emergency))
    assert held is not None and await begin_again(town.city, held)
    [item] = [row for row in (await town.emergency(emergency))["work"] if row["kind"] == "switch_clocks"]
    assert (item["attempts"], item["given_up"]) == (0, False)
    assert item["due_at"] == town.clock.now() + timedelta(minutes=1)


async def test_a_case_that_cannot_be_switched_stands_in_no_others_way(town: Town) -> None:
    broken, fine = await town.report(), await town.report()
    await town.city.database.cases.update_one({"_id": broken["_id"]}, {"$set": {"state": "NO_SUCH"}})
    await town.city.database.cases.update_one({"_id": broken["_id"]}, {"$set": {"state": "FILED"}})
    await town.city.database.cases.update_one(
        {"_id": broken["_id"]}, {"$set": {"history.0.at": "not an instant"}}
    )
    emergency = await town.start()
    assert switches(await town.case(fine)) == [emergency["_id"]]
    assert switches(await town.case(broken)) == []


async def test_a_lease_that_is_too_short_for_all_goes_on_where_it_stopped(city: City) -> None:
    short = replace(city, settings=city.settings.model_copy(update={"work_lease_seconds": 0}))
    town = await found_town(short, MORNING)
    town.city = replace(town.city, settings=short.settings)
    cases = [await town.report() for _ in range(6)]
    emergency = await start_emergency(town.city, town.leader, command(), town.order())
    held = await claim(town.city, switch_wake(town, emergency))
    assert held is not None and await switch_clocks(town.city, held)
    [item] = [row for row in (await town.emergency(emergency))["work"] if row["kind"] == "switch_clocks"]
    assert item["input"] == {"after": cases[3]["_id"]}
    switched = await town.city.database.cases.count_documents({"emergency_id": emergency["_id"]})
    assert switched == 4
    town.clock.turn(seconds=1)
    await town.work()
    assert await town.city.database.cases.count_documents({"emergency_id": emergency["_id"]}) == 6


class Weather:
    """Does things at random, some of them at the same time, as a bad day does."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.dice = town, random.Random(seed)
        self.on: list[str] = []
        self.reported = 0

    async def something(self) -> None:
        deed = self.dice.choice([self.begin, self.end, self.report, self.report, self.accept, self.die])
        await deed()

    async def begin(self) -> None:
        order = self.town.order(
            area_codes=[self.dice.choice([STREET, COMMUNITY])],
            ends_at=self.town.clock.now() + timedelta(minutes=self.dice.choice([3, 90, 400])),
            profile=self.dice.choice(["flood", "quiet"]),
        )
        once = command()
        try:
            for _ in range(2):
                await start_emergency(self.town.city, self.town.leader, once, order)
        except CityProblem as problem:
            assert problem.code == "EMERGENCY_OVERLAPS"

    async def end(self) -> None:
        row = await self.town.city.database.emergencies.find_one({"state": "ON"})
        if row is not None:
            try:
                await end_emergency(self.town.city, self.town.leader, row["_id"], command(), reason="完")
            except CityProblem as problem:
                assert problem.code == "EMERGENCY_OVER"

    async def report(self) -> None:
        self.reported += 1
        await self.town.report(media_ids=[f"{number:032x}" for number in (1, 2)])

    async def accept(self) -> None:
        case = await self.town.city.database.cases.find_one({"state": "DISPATCHED"})
        if case is not None and case["task"]["assignee_id"]:
            officer: Actor = self.town.people[case["task"]["assignee_id"]]
            try:
                await accept_task(self.town.city, officer, case["_id"], command())
            except CityProblem as problem:
                assert problem.code in ("STEP_NOT_POSSIBLE", "CASE_BUSY")

    async def die(self) -> None:
        """A worker takes work and is never seen again."""
        async for row in self.town.city.database.emergencies.find({"work.kind": "switch_clocks"}):
            await claim(self.town.city, switch_wake(self.town, row))


@pytest.mark.parametrize("seed", range(6))
async def test_on_off_on_at_any_moment_loses_no_case(town: Town, seed: int) -> None:
    weather = Weather(town, seed)
    await weather.report()
    for _ in range(10):
        deeds = [weather.something() for _ in range(weather.dice.randint(1, 3))]
        await asyncio.gather(*deeds, *(town.work() for _ in range(weather.dice.randint(0, 2))))
        town.clock.turn(seconds=weather.dice.choice([0, 2, 20, 300]))
    for _ in range(4):  # longer than a lease, and than the pause between two looks
        town.clock.turn(seconds=town.city.settings.work_lease_seconds + 16)
        await town.work()
    on = await town.city.database.emergencies.find({"state": "ON"}).to_list(None)
    cases = await town.city.database.cases.find({}).to_list(None)
    assert len(cases) == weather.reported
    for case in cases:
        assert case["state"] in OPEN_STATES
        await right_clock(town, case, on[0]["_id"] if on else None)


async def right_clock(town: Town, case: Mapping[str, Any], wanted: str | None) -> None:
    assert case["emergency_id"] == wanted
    [filing] = [row for row in case["history"] if row["action"] == "FILE"]
    way = [filing["facts"].get("emergency_id"), *switches(case)]
    assert way[-1] == wanted
    assert all(one != other for one, other in itertools.pairwise(way)), "a change written twice"
    limits = [row["facts"]["limit"] for row in case["history"] if "limit" in (row["facts"] or {})]
    assert (case["limit_value"], case["limit_unit"]) == (limits[-1]["value"], limits[-1]["unit"])
    if wanted is None:
        assert (case["limit_value"], case["limit_unit"]) == (4, "work_hour")
    recomputed = await clock_values(town.city, case["history"])
    assert {name: case[name] for name in CLOCK_FIELDS} == recomputed
