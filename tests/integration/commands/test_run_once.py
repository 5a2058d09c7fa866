"""The command log: a command is carried out once, its outcome told again, its conflicts named."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.command import Command
from city_core.cases.dispatch import dispatch_case
from city_core.commands.log import COLLECTION, KEPT
from city_core.commands.run_once import run_once
from city_core.kit.city import City
from city_core.kit.conflicts import CommandConflict
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from tests.hand_clock import HandClock
from tests.integration.cases.support import dispatched
from tests.integration.commands.support import queued, send, statuses

People = dict[str, Actor]


class Doing:
    """A use-case that counts how often it was done, and is refused or fails as told."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.times = 0

    async def __call__(self) -> dict[str, Any]:
        self.times += 1
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        return {"_id": "done"}


def a_command(base: int | None = None) -> Command:
    return Command(str(uuid.uuid4()), None, "phone:test", base)


async def once(
    town: City, who: Actor, one: Command, work: Callable[[], Awaitable[Any]], mark: str = "m"
) -> Any:
    return await run_once(town, who, one, "test", mark, work)


async def code_of(doing: Awaitable[Any]) -> str:
    with pytest.raises(CityProblem) as refused:
        await doing
    return refused.value.code


async def test_a_refusal_is_told_again_word_by_word_and_not_tried_again(town: City, people: People) -> None:
    work = Doing(CityProblem("NOT_YOUR_TASK", field="caseId", allowed="the holder"))
    one, who = a_command(), people["officer-1"]
    told = []
    for _ in range(2):
        with pytest.raises(CityProblem) as refused:
            await once(town, who, one, work)
        told.append((refused.value.code, refused.value.field, refused.value.allowed))
    assert told == [("NOT_YOUR_TASK", "caseId", "the holder")] * 2
    assert work.times == 1


async def test_another_input_under_the_same_id_is_refused_but_another_persons_id_is_theirs(
    town: City, people: People
) -> None:
    work, one = Doing(), a_command()
    await once(town, people["officer-1"], one, work)
    assert await code_of(once(town, people["officer-1"], one, work, "other")) == "COMMAND_REUSED"
    await once(town, people["officer-2"], one, work, "other")
    assert work.times == 2


@pytest.mark.parametrize("failure", [CityProblem("CASE_BUSY"), RuntimeError("a bug")])
async def test_what_may_succeed_later_is_not_kept(town: City, people: People, failure: Exception) -> None:
    work, one = Doing(failure), a_command()
    with pytest.raises(type(failure)):
        await once(town, people["officer-1"], one, work)
    assert (await once(town, people["officer-1"], one, work))["_id"] == "done"
    assert work.times == 2


async def test_while_it_is_carried_out_it_is_to_be_asked_for_again_until_the_lease_ends(
    town: City, people: People, clock: HandClock
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> dict[str, str]:
        begun.set()
        await go_on.wait()
        return {"_id": "slow"}

    one, who, work = a_command(), people["officer-1"], Doing()
    first = asyncio.create_task(once(town, who, one, slow))
    await begun.wait()
    assert await code_of(once(town, who, one, work)) == "COMMAND_IN_PROGRESS"
    clock.turn(seconds=town.settings.work_lease_seconds + 1)
    assert (await once(town, who, one, work))["_id"] == "done"
    go_on.set()
    assert (await first)["_id"] == "slow"  # it lost its lease and keeps no outcome
    [row] = await town.database[COLLECTION].find({}).to_list(2)
    assert (row["state"], row["expires_at"] - row["settled_at"]) == ("DONE", KEPT)
    assert KEPT.days >= 30


async def test_an_outcome_whose_first_mark_was_lost_with_the_primary_is_written_anew(
    town: City, people: People
) -> None:
    one, who = a_command(), people["officer-1"]

    async def loses_its_mark() -> dict[str, str]:
        await town.database[COLLECTION].delete_many({})
        return {"_id": "done"}

    await once(town, who, one, loses_its_mark)
    [row] = await town.database[COLLECTION].find({}).to_list(2)
    assert (row["state"], row["client_id"], row["input_hash"]) == ("DONE", one.client_id, "m")


async def test_a_case_is_shown_as_it_is_now_and_only_to_whoever_may_see_it_now(
    town: City, people: People
) -> None:
    case = await dispatched(town, people)
    who, one = people[case["task"]["assignee_id"]], a_command()

    async def accept() -> Any:
        return await accept_task(town, who, case["_id"], one)

    assert (await once(town, who, one, accept))["state"] == "IN_PROGRESS"
    await town.database.cases.update_one({"_id": case["_id"]}, {"$set": {"state": "HANDLED"}})
    assert (await once(town, who, one, accept))["state"] == "HANDLED"
    hidden = {"people_involved": [], "department_id": "water"}
    await town.database.cases.update_one({"_id": case["_id"]}, {"$set": hidden})
    assert await code_of(once(town, who, one, accept)) == "CASE_NOT_FOUND"


async def test_a_task_given_to_somebody_else_meanwhile_is_a_conflict_with_where_the_case_stands(
    town: City, people: People
) -> None:
    case = await dispatched(town, people)
    base, was = case["version"], people[case["task"]["assignee_id"]]
    [other] = {"officer-1", "officer-2"} - {was.person_id}
    given = {"department_id": "sanitation", "officer_id": other, "opinion": "改派"}
    now = await dispatch_case(town, people["dispatcher-1"], case["_id"], a_command(), **given)
    assert now["history"][-1]["changed"] == ["task"]
    with pytest.raises(CommandConflict) as refused:
        await accept_task(town, was, case["_id"], a_command(base))
    assert refused.value.fields == ("task",)
    offline = queued(1, "accept_task", {"case_id": case["_id"]}, base=base)
    photos = queued(2, "add_photos", {"case_id": case["_id"], "media_ids": [uuid.uuid4().hex]}, base=base)
    for _ in range(2):
        answers = await send(town, was, offline)
        assert statuses(answers) == ["CONFLICT"]
        assert isinstance(answers[0].problem, CommandConflict)
        assert (answers[0].problem.version, answers[0].problem.state) == (now["version"], "DISPATCHED")
    await accept_task(town, people[other], case["_id"], a_command(now["version"]))
    assert statuses(await send(town, people[other], photos, device="other-phone")) == ["HELD"]


async def test_steps_that_build_on_each_other_offline_do_not_conflict_with_each_other(
    town: City, people: People
) -> None:
    case = await dispatched(town, people)
    who, base = people[case["task"]["assignee_id"]], case["version"]
    on_case = {"case_id": case["_id"]}
    done = {**on_case, "opinion": "已处置", "media_ids": [uuid.uuid4().hex]}
    answers = await send(
        town, who, queued(1, "accept_task", on_case, base=base), queued(2, "report_handled", done, base=base)
    )
    assert statuses(answers) == ["APPLIED", "APPLIED"]
    assert await code_of(accept_task(town, who, case["_id"], a_command(99))) == "BASE_VERSION_UNKNOWN"
