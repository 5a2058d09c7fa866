"""RxDB, unpatched, keeps a phone's cases and its queue: both ways, through what a bad network does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest

from city_core.cases.cancel import cancel_report
from city_core.cases.command import Command
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.conftest import served_village
from tests.api.support import Api, new_uuid, operation
from tests.api.test_commands_over_graphql import report
from tests.api.test_loop_over_graphql import do_all_work
from tests.clients.node import FOLDER
from tests.integration.sync.support import fed
from tests.waiting import until


@pytest.fixture
async def feeding(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    """A running API of its own, with a feeder beside it."""
    async with served_village(mongod, redis_server) as api, fed(api.city):
        yield api


class Phone:
    """RxDB in Node, told line by line what to do, and asked what it holds."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def does(self, **asked: Any) -> dict[str, Any]:
        """Have it do something, and wait until it holds what is named under `holds`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        heard = await self.heard()
        if "holds" in asked:
            assert (heard["holds"], heard["errors"]) == (asked["holds"], []), heard
        return heard

    async def heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None and self._process.stderr is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), 60)
        assert line, (await self._process.stderr.read()).decode()
        found: dict[str, Any] = json.loads(line)
        return found

    async def holds(self, wanted: dict[str, str]) -> dict[str, Any]:
        """Wait until it holds these cases in these states, and no others."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        heard = await self.heard()
        assert (heard["held"], heard["errors"]) == (wanted, [])
        return heard


@contextlib.asynccontextmanager
async def phone_running(script: str, **given: Any) -> AsyncIterator[Phone]:
    """Start a script of RxDB, and end it whatever becomes of the test."""
    node = shutil.which("node")
    assert node and (FOLDER / "node_modules").exists(), "the real clients need Node 20 and `make test` once"
    process = await asyncio.create_subprocess_exec(
        node, script, cwd=FOLDER, env={**os.environ, "GIVEN": json.dumps(given)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Phone(process)
    finally:
        process.kill()
        await process.wait()


async def replicating(api: Api, who: str, app: str, scope: str) -> dict[str, Any]:
    """Say what a phone is given that replicates both ways."""
    names = ("PullCases", "SyncHints", "RunCommands", "CommandOutcomes")
    texts = {name[0].lower() + name[1:]: operation(app, name) for name in names}
    headers = await api.headers(who)
    return {
        "address": api.address, "scope": scope, "authorization": headers["authorization"],
        "deviceId": "rxdb-phone-of-tests", "askEveryMs": 300, **texts,
    }  # fmt: skip


def command(sequence: int, name: str, what: dict[str, Any], base: int | None = None) -> dict[str, Any]:
    """Make the document of a command as it lies in the phone's queue."""
    return {
        "id": what["clientId"], "deviceSequence": sequence, "deviceTime": "2026-11-22T09:12:00+08:00",
        "baseVersion": base, "do": {name: what},
    }  # fmt: skip


def outcome_in(heard: dict[str, Any], id_: str) -> dict[str, Any]:
    """See what the document of a command says became of it."""
    [found] = [row for row in heard["documents"] if row["id"] == id_]
    outcome: dict[str, Any] = {**found["outcome"], "do": found["do"]}
    return outcome


async def test_cases_appear_change_and_disappear_in_rxdb(feeding: Api) -> None:
    first, second = [(await feeding.report("citizen-1"))["_id"] for _ in range(2)]
    given = {
        "address": feeding.address, "scope": "MY_GRID", "batchSize": 2,
        "authorization": (await feeding.headers("inspector-1"))["authorization"],
        "pullCases": operation("inspector", "PullCases"), "syncHints": operation("inspector", "SyncHints"),
    }  # fmt: skip
    async with phone_running("rxdb_pull.mjs", **given) as phone:
        await phone.heard()
        await phone.holds({first: "REPORTED", second: "REPORTED"})
        third = (await feeding.report("citizen-2"))["_id"]
        await phone.holds({first: "REPORTED", second: "REPORTED", third: "REPORTED"})
        filed = {"$set": {"state": "PENDING_FILING"}, "$inc": {"version": 1}}
        await feeding.city.database.cases.update_one({"_id": second}, filed)
        await phone.holds({first: "REPORTED", second: "PENDING_FILING", third: "REPORTED"})
        command = Command(new_uuid(), None, "phone:test")
        await cancel_report(feeding.city, feeding.people["citizen-1"], first, command, opinion="弄错了")
        heard = await phone.holds({second: "PENDING_FILING", third: "REPORTED"})
        assert heard["pulls"] < 25


async def test_what_was_queued_offline_is_pushed_once_and_comes_back_as_a_case(feeding: Api) -> None:
    first, second = report("路边有垃圾"), report("桥下有垃圾")
    queue = [command(1, "submitReport", first), command(2, "submitReport", second)]
    ids = [first["clientId"], second["clientId"]]
    given = await replicating(feeding, "citizen-1", "citizen", "MY_REPORTS")
    async with phone_running("rxdb_both_ways.mjs", **given) as phone:
        offline = {"cases": {}, "commands": dict.fromkeys(ids, "QUEUED")}
        assert (await phone.does(isOnline=False, queue=queue, holds=offline))["lost"] == 0
        # The city carries both out, but the answer is lost: they are pushed again.
        await phone.does(isOnline=True, answersToLose=1)
        pushed = {"cases": await _cases_of(feeding, 2), "commands": dict.fromkeys(ids, "DUPLICATE")}
        heard = await phone.does(holds=pushed)
        assert (heard["lost"], heard["sent"]) == (1, 2)
        assert {outcome_in(heard, id_)["case"]["id"] for id_ in ids} == set(heard["holds"]["cases"])
        settled = await phone.does(drop=ids, holds={"cases": heard["holds"]["cases"], "commands": {}})
        assert settled["sent"] == 2  # what is taken out of the queue is not pushed


async def test_a_conflict_comes_back_in_the_document_of_the_command(feeding: Api) -> None:
    case = await feeding.report("inspector-1")
    given = await replicating(feeding, "inspector-1", "inspector", "MY_REPORTS")
    async with phone_running("rxdb_both_ways.mjs", **given) as phone:
        await phone.does(isOnline=True, holds={"cases": {case["_id"]: "REPORTED"}, "commands": {}})
        await phone.does(isOnline=False)
        await _triaged(feeding)
        given_up = {"clientId": new_uuid(), "caseId": case["_id"], "opinion": "弄错了"}
        heard = await phone.does(
            isOnline=True, queue=[command(1, "cancelReport", given_up, base=case["version"])],
            holds={
                "cases": {case["_id"]: "DISPATCHED"},
                "commands": {given_up["clientId"]: "CONFLICT"},
            },
        )  # fmt: skip
        outcome = outcome_in(heard, given_up["clientId"])
        assert (outcome["problem"]["code"], outcome["problem"]["currentState"]) == (
            "COMMAND_CONFLICT", "DISPATCHED",
        )  # fmt: skip
        assert outcome["problem"]["currentVersion"] == outcome["case"]["version"] > case["version"]
        assert outcome["do"] == {"cancelReport": given_up}  # the person decides anew, with their own words
        assert heard["sent"] == 1


async def test_a_held_command_becomes_applied_on_the_phone(feeding: Api) -> None:
    early, late = report("第二件"), report("第一件")
    given = await replicating(feeding, "citizen-1", "citizen", "MY_REPORTS")
    async with phone_running("rxdb_both_ways.mjs", **given) as phone:
        held = {"cases": {}, "commands": {early["clientId"]: "HELD"}}
        await phone.does(isOnline=True, queue=[command(2, "submitReport", early)], holds=held)
        heard = await phone.does(queue=[command(1, "submitReport", late)])
        both = dict.fromkeys([early["clientId"], late["clientId"]], "APPLIED")
        heard = await phone.does(holds={"cases": await _cases_of(feeding, 2), "commands": both})
        assert outcome_in(heard, early["clientId"])["case"]["state"] == "REPORTED"
        assert outcome_in(heard, early["clientId"])["do"] == {"submitReport": early}
        assert heard["sent"] == 2  # what is held is asked about, not pushed again


async def test_what_was_queued_waits_for_a_fresh_sign_in(feeding: Api) -> None:
    fresh = (await feeding.headers("citizen-1"))["authorization"]
    stale = {"authorization": "Bearer two-days-old"}
    given = {**await replicating(feeding, "citizen-1", "citizen", "MY_REPORTS"), **stale}
    made = report()
    async with phone_running("rxdb_both_ways.mjs", **given) as phone:
        refused = await phone.does(isOnline=True, queue=[command(1, "submitReport", made)])

        async def is_refused() -> bool:
            errors = (await phone.does())["errors"]
            return any("SIGN_IN_REQUIRED" in error for error in errors)

        await until(is_refused, "the refusal")
        assert refused["holds"] == {"cases": {}, "commands": {made["clientId"]: "QUEUED"}}
        await phone.does(authorization=fresh)
        pushed = {"cases": await _cases_of(feeding, 1), "commands": {made["clientId"]: "APPLIED"}}

        async def is_pushed() -> bool:
            return bool((await phone.does())["holds"] == pushed)

        await until(is_pushed, "the queue to be pushed with the fresh token")


async def test_a_reset_drops_the_scope_and_begins_anew(feeding: Api) -> None:
    case = await feeding.report("citizen-1")
    given = await replicating(feeding, "inspector-1", "inspector", "MY_GRID")
    inspector = {"_id": "inspector-1"}
    async with phone_running("rxdb_both_ways.mjs", **given) as phone:
        await phone.does(isOnline=True, holds={"cases": {case["_id"]: "REPORTED"}, "commands": {}})
        people = feeding.city.database.people
        grids = (await people.find_one(inspector))["responsibility_grid_ids"]
        await people.update_one(inspector, {"$set": {"responsibility_grid_ids": ["far-01"]}})
        heard = await phone.does(wakes=True, holds={"cases": {}, "commands": {}})
        assert heard["resets"] == 1
        # Where there was nothing, nothing has to be dropped: RxDB keeps no checkpoint without a document.
        await people.update_one(inspector, {"$set": {"responsibility_grid_ids": grids}})
        heard = await phone.does(wakes=True, holds={"cases": {case["_id"]: "REPORTED"}, "commands": {}})
        assert heard["resets"] == 1


async def _cases_of(api: Api, count: int) -> dict[str, str]:
    """Wait until the city has so many cases; gives their states."""

    async def found() -> dict[str, str]:
        cases = api.city.database.cases.find({"reporter_id": "citizen-1"}, {"state": 1})
        states = {case["_id"]: case["state"] async for case in cases}
        return states if len(states) == count else {}

    states: dict[str, str] = await until(found, f"{count} cases")
    return states


async def _triaged(api: Api) -> None:
    """Have the rule look at every new report now."""
    await api.city.database.cases.update_many(
        {"work.kind": "triage"},
        {"$set": {"work.$[triage].due_at": api.city.clock.now()}},
        array_filters=[{"triage.kind": "triage"}],
    )
    await do_all_work(api)
