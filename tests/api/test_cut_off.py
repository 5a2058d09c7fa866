"""A command that is cut off after its write: it stays written, and its repeat answers with the result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from city_core.kit.faults import armed
from tests.api.support import Api, another_api, operation
from tests.api.test_commands_over_graphql import DEVICE, dispatched, queued, report


@pytest.fixture
async def hasty(api: Api) -> AsyncIterator[Api]:
    """The village served once more, by a process in which an operation may take half a second."""
    async with another_api(api, operation_seconds=0.5) as other:
        yield other


async def hang() -> None:
    await asyncio.Event().wait()


async def cut_off(api: Api, point: str, who: str, app: str, name: str, given: Any) -> None:
    """Ask for what comes to no end once it is written."""
    with armed(point, hang):
        answer = await api.ask(operation(app, name), {"input": given}, who)
    told = answer["errors"][0]["extensions"]
    assert (told["code"], told["retryable"]) == ("OPERATION_TOO_LONG", True), answer


async def test_a_report_that_was_cut_off_is_on_record_and_its_repeat_finds_it(hasty: Api) -> None:
    given = report()
    await cut_off(hasty, "report.written", "citizen-1", "citizen", "SubmitReport", given)
    [stored] = await hasty.city.database.cases.find({}).to_list(None)
    again = await hasty.do("citizen-1", "citizen", "SubmitReport", input=given)
    assert (again["__typename"], again["id"], again["state"]) == ("Case", stored["_id"], "REPORTED")
    assert await hasty.city.database.cases.count_documents({}) == 1


@pytest.mark.parametrize("point", ["step.written", "command.carried_out"])
async def test_a_step_that_was_cut_off_is_done_once(hasty: Api, point: str) -> None:
    case = await dispatched(hasty)
    officer = case["task"]["assignee_id"]
    given = {"clientId": report()["clientId"], "caseId": case["_id"]}
    await cut_off(hasty, point, officer, "officer", "AcceptTask", given)
    again = await hasty.do(officer, "officer", "AcceptTask", input=given)
    assert (again["__typename"], again["state"]) == ("Case", "IN_PROGRESS"), again
    stored = await hasty.city.database.cases.find_one({"_id": case["_id"]})
    assert [row["action"] for row in stored["history"]].count("ACCEPT") == 1
    [logged] = await hasty.city.database.command_log.find({"case_id": case["_id"]}).to_list(None)
    assert (logged["state"], logged["outcome"]["status"]) == ("DONE", "APPLIED")


async def test_a_queue_that_was_cut_off_goes_on(hasty: Api) -> None:
    first, second = report(), report("第二处")
    batch = {"deviceId": DEVICE, "commands": [queued(1, "submitReport", first)]}
    await cut_off(hasty, "command.carried_out", "inspector-1", "inspector", "RunCommands", batch)
    batch["commands"].append(queued(2, "submitReport", second))
    answer = await hasty.do("inspector-1", "inspector", "RunCommands", input=batch)
    statuses = [outcome["status"] for outcome in answer["outcomes"]]
    assert statuses == ["APPLIED", "APPLIED"], answer
    assert await hasty.city.database.cases.count_documents({}) == 2
