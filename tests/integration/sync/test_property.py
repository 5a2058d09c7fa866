"""Whatever becomes of the cases: after a pull the phone's copy is what the lists show that person."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from city_core.cases.queries import CaseFilter, page_of_cases
from city_core.cases.submit import submit_report
from city_core.cases.workflow import OPEN_STATES, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.sync.scopes import SyncScope
from city_core.tasks.queries import my_tasks
from tests.integration.cases.support import DRAFT, command
from tests.integration.sync.support import Copy, caught_up, fed
from tests.village import RESPONSIBILITY

People = dict[str, Actor]
_OFFICERS = ("officer-1", "officer-2", "officer-other")
_CITIZENS = ("citizen-1", "citizen-2")
_INSPECTORS = ("inspector-1", "inspector-far")


async def change(city: City, people: People, chance: random.Random, case_id: str) -> None:
    """Do one random thing to a case, as steps of the loop do it: who gets it is involved from then on."""
    who = chance.choice(_OFFICERS + _INSPECTORS)
    task = {"kind": "HANDLE", "seq": 1, "assignee_id": who}
    answered = chance.choice([None, city.clock.now()])
    officer = chance.choice(_OFFICERS)
    assistant = {"assignee_id": officer, "answered_at": answered,
                 "department_id": people[officer].department_id}  # fmt: skip
    grid = chance.choice([RESPONSIBILITY, "far-01"])
    joiner = chance.choice(_CITIZENS)
    changes: Sequence[Row] = (
        {"$set": {"task": task}, "$addToSet": {"people_involved": who}},
        {"$set": {"task": None}},
        {"$set": {"state": chance.choice(list(State)).value}},
        {"$set": {"state": chance.choice(sorted(OPEN_STATES))}},
        {"$set": {"assistants": [assistant], "assisting_department_ids": [assistant["department_id"]]}},
        {"$set": {"place.responsibility_grid_id": grid}},
        {"$set": {"joined_reports": [{"reporter_id": joiner}]}, "$addToSet": {"people_involved": joiner}},
    )
    if chance.random() < 0.03:
        await city.database.cases.delete_one({"_id": case_id})
        return
    chosen = chance.choice(changes)
    await city.database.cases.update_one({"_id": case_id}, {**chosen, "$inc": {"version": 1}})


async def listed(city: City, actor: Actor, scope: SyncScope) -> dict[str, int]:
    """Ask the lists what somebody has in a scope."""
    if scope is SyncScope.MY_TASKS:
        rows = (await my_tasks(city, actor, first=100)).rows
    elif scope is SyncScope.MY_GRID:
        wanted = CaseFilter(states=sorted(OPEN_STATES))
        found = (await page_of_cases(city, actor, wanted, first=100)).rows
        rows = [row for row in found if row["place"]["responsibility_grid_id"] in actor.grid_ids]
    else:
        rows = (await page_of_cases(city, actor, CaseFilter(mine=True), first=100)).rows
        rows = [
            row for row in rows
            if actor.person_id in [row["reporter_id"], *(j["reporter_id"] for j in row["joined_reports"])]
        ]  # fmt: skip
    return {row["_id"]: row["version"] for row in rows}


@pytest.mark.parametrize("seed", range(6))
async def test_the_copy_is_what_the_lists_show(city: City, people: People, seed: int) -> None:
    chance = random.Random(seed)
    whose = [(name, SyncScope.MY_TASKS) for name in _OFFICERS + _INSPECTORS]
    whose += [(name, SyncScope.MY_GRID) for name in _INSPECTORS]
    whose += [(name, SyncScope.MY_REPORTS) for name in _CITIZENS]
    copies = [Copy(city, people[name], scope) for name, scope in whose]
    async with fed(city):
        cases = [
            (await submit_report(city, people[chance.choice(_CITIZENS)], command(), DRAFT))["_id"]
            for _ in range(15)
        ]
        for _ in range(5):
            for _ in range(chance.randrange(40)):
                await change(city, people, chance, chance.choice(cases))
            for copy in chance.sample(copies, 4):  # some pull while the feed is still behind
                await copy.pull(limit=chance.randrange(1, 8))
        await caught_up(city)
        for copy in copies:
            await copy.pull(limit=chance.randrange(1, 100))
            assert copy.versions() == await listed(city, copy.actor, copy.scope), (copy.actor, copy.scope)
        assert sum(copy.resets for copy in copies) == 0


async def test_after_two_days_away_a_few_requests_bring_each_document_once(
    city: City, people: People
) -> None:
    officer = people["officer-1"]
    tasks = Copy(city, officer, SyncScope.MY_TASKS)
    async with fed(city):
        cases = [
            (await submit_report(city, people["citizen-1"], command(), DRAFT))["_id"] for _ in range(120)
        ]
        mine = {"$set": {"task": {"kind": "HANDLE", "seq": 1, "assignee_id": "officer-1"}},
                "$addToSet": {"people_involved": "officer-1"}}  # fmt: skip
        await city.database.cases.update_many({"_id": {"$in": cases[:60]}}, mine)
        await caught_up(city)
        await tasks.pull()
        assert len(tasks.documents) == 60
        await city.database.cases.update_many({"_id": {"$in": cases}}, mine)  # 60 come, in 300 changes
        for number in range(240):
            step = {"$inc": {"version": 1}} if number % 3 else {"$set": {"task": None}}
            await city.database.cases.update_one({"_id": cases[number % 110]}, step)
        await caught_up(city)
        await tasks.pull()
        assert tasks.pulls == 2
        assert len(tasks.got) == len(set(tasks.got)) == 120
        assert tasks.versions() == await listed(city, officer, SyncScope.MY_TASKS)
