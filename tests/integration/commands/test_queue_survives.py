"""What a phone handed over outlives killed processes, faults that last, and queues that are full."""

from __future__ import annotations

import asyncio
import sys
import uuid
from datetime import timedelta

import pytest
from pymongo.errors import AutoReconnect

from city_core.cases.command import Command
from city_core.commands.log import COLLECTION, KEPT, MOST_ATTEMPTS, carry_out, claim
from city_core.commands.run_once import run_once
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_demo.embedded import EmbeddedMongod
from tests.conftest import REPOSITORY
from tests.hand_clock import HandClock
from tests.integration.commands.batch_process import MOST, batch_of
from tests.integration.commands.support import (
    descriptions,
    queued,
    release_what_is_due,
    report,
    send,
    statuses,
)
from tests.waiting import until

People = dict[str, Actor]


async def kept_command(town: City) -> Row:
    """Read the one command, of which the last mark may not be read at once."""
    row: Row = await until(lambda: town.database[COLLECTION].find_one({"client_id": {"$ne": None}}))
    return row


async def came_in(town: City, mark: str) -> list[str]:
    return [text for text in await descriptions(town) if text.startswith(mark)]


@pytest.mark.parametrize("applied", [0, 1, 7, MOST - 1])
async def test_a_batch_whose_process_is_killed_in_the_middle_is_done_once_and_in_its_order(
    town: City, people: People, clock: HandClock, mongod: EmbeddedMongod, applied: int
) -> None:
    mark = uuid.uuid4().hex
    commands = batch_of(mark)
    texts = [str(one.given["description"]) for one in commands]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.commands.batch_process", mongod.url, mark, cwd=REPOSITORY
    )
    log_rows = town.database[COLLECTION]

    async def has_begun() -> bool:
        kept = await log_rows.count_documents({"device_id": mark})
        return kept == MOST and len(await came_in(town, mark)) >= applied

    await until(has_begun, "the batch to be under way")
    process.kill()
    await process.wait()
    done = await came_in(town, mark)
    assert done == texts[: len(done)] and applied <= len(done)
    clock.set(town.clock.now() + timedelta(minutes=town.settings.held_command_minutes + 1))
    await release_what_is_due(town)  # the phone never comes back
    assert await came_in(town, mark) == texts
    again = await send(town, people["citizen-1"], *commands, device=mark)
    assert statuses(again) == ["DUPLICATE"] * MOST
    assert await came_in(town, mark) == texts


async def test_a_command_that_kills_each_of_its_processes_is_given_up_and_the_rest_goes_on(
    town: City, people: People, clock: HandClock
) -> None:
    await send(town, people["citizen-1"], report(2, "二"), report(3, "三"))
    poison = await town.database[COLLECTION].find_one({"sequence": 2})
    assert poison is not None
    for _ in range(MOST_ATTEMPTS):
        assert await claim(town, poison) is not None  # and then nothing more, as a killed process would
        clock.turn(minutes=2)
    await release_what_is_due(town)
    assert await descriptions(town) == ["三"]
    settled = await town.database[COLLECTION].find_one({"sequence": 2})
    assert settled is not None and settled["outcome"]["problem"]["code"] == "UNEXPECTED"


async def test_a_phone_that_asks_again_and_again_does_not_use_up_the_tries(
    town: City, people: People, clock: HandClock
) -> None:
    faulty, good = queued(1, "submit_report", {"description": "no point"}), report(2, "二")
    for _ in range(MOST_ATTEMPTS + 2):
        assert statuses(await send(town, people["citizen-1"], faulty, good)) == ["HELD", "HELD"]
    clock.turn(minutes=11)
    await release_what_is_due(town)
    assert await descriptions(town) == ["二"]
    told = await send(town, people["citizen-1"], faulty)
    assert (statuses(told), told[0].problem and told[0].problem.code) == (["REJECTED"], "UNEXPECTED")


async def test_a_try_that_mongodb_did_not_answer_is_none(town: City, people: People) -> None:
    async def unanswered() -> Row:
        raise AutoReconnect("no primary")

    await send(town, people["citizen-1"], report(2))
    for _ in range(MOST_ATTEMPTS + 2):
        claimed = await claim(town, await kept_command(town))
        assert claimed is not None
        with pytest.raises(AutoReconnect):
            await carry_out(town, claimed, unanswered)
    row = await kept_command(town)
    assert (row["state"], row["attempts"]) == ("HELD", 0)


async def test_a_held_command_is_never_forgotten_however_often_it_could_not_be_looked_at(
    town: City, people: People, clock: HandClock
) -> None:
    await send(town, people["citizen-1"], report(2, "二"))
    citizen = {"_id": "citizen-1"}
    await town.database.people.update_one(citizen, {"$set": {"role": "NO_SUCH_POST"}})
    for _ in range(10):
        clock.turn(minutes=11)
        await release_what_is_due(town)
    await town.database.people.update_one(citizen, {"$set": {"role": people["citizen-1"].role.value}})
    clock.turn(minutes=11)
    await release_what_is_due(town)
    assert await descriptions(town) == ["二"]


async def test_a_full_queue_still_takes_what_all_the_others_wait_for(town: City, people: People) -> None:
    async def hand_over(*numbers: int) -> list[str]:
        commands = [queued(number, "mark_read", {"message_id": "none"}) for number in numbers]
        return statuses(await send(town, people["citizen-1"], *commands))

    for first in range(2, 502, 50):
        assert await hand_over(*range(first, first + 50)) == ["HELD"] * 50
    with pytest.raises(CityProblem, match="COMMAND_QUEUE_FULL"):
        await hand_over(502)
    assert await hand_over(1) == ["REJECTED"]
    assert await town.database[COLLECTION].count_documents({"state": "HELD"}) == 0


async def test_a_command_that_nobody_asked_for_again_leaves_nothing_for_ever(
    town: City, people: People
) -> None:
    seen: list[Row] = []

    async def look() -> Row:
        seen.append(await kept_command(town))
        return {"_id": "done"}

    await run_once(town, people["citizen-1"], Command(str(uuid.uuid4())), "test", "m", look)
    assert (seen[0]["state"], seen[0]["expires_at"] - seen[0]["received_at"]) == ("RUNNING", KEPT)
