"""RxDB, unpatched, keeps a phone's reports: they appear, change and disappear in its collection."""

from __future__ import annotations

import asyncio
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
from tests.clients.node import FOLDER
from tests.integration.sync.support import fed


@pytest.fixture
async def feeding(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    """A running API of its own, with a feeder beside it."""
    async with served_village(mongod, redis_server) as api, fed(api.city):
        yield api


class Phone:
    """RxDB in Node, asked line by line what it holds."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

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


async def test_cases_appear_change_and_disappear_in_rxdb(feeding: Api) -> None:
    first, second = [(await feeding.report("citizen-1"))["_id"] for _ in range(2)]
    node = shutil.which("node")
    assert node and (FOLDER / "node_modules").exists(), "the real clients need Node 20 and `make test` once"
    given = {
        "address": feeding.address, "scope": "MY_GRID", "batchSize": 2,
        "authorization": (await feeding.headers("inspector-1"))["authorization"],
        "pullCases": operation("inspector", "PullCases"), "syncHints": operation("inspector", "SyncHints"),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        node, "rxdb_pull.mjs", cwd=FOLDER, env={**os.environ, "GIVEN": json.dumps(given)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        phone = Phone(process)
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
    finally:
        process.kill()
        await process.wait()
