"""Migrations on rows of before: each may be run twice, be killed, and is made by one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from bson import ObjectId

from city_core.kit.city import City
from city_core.media.files import read_file
from city_core.media.stores.gridfs import GridFsFiles
from city_core.operation.migrations.run import LEASE, Made, migrate, outstanding
from city_core.operation.migrations.step import Step, Told
from city_core.operation.migrations.steps import STEPS
from city_core.operation.model import MIGRATION_LEASE
from city_core.operation.refusals import OperationRefused
from tests.hand_clock import HandClock
from tests.integration.map.made_cases import made_case


def quietly(_: str, __: int) -> None:
    return None


async def made(city: City, **how: Any) -> list[Made]:
    return [one async for one in migrate(city, "operator:t", quietly, **how)]


async def rows_of_before(city: City) -> None:
    """Leave ended cases that nobody counted, and a photo as the first release wrote it."""
    dice = Random(3)
    cases = [made_case(dice, city.clock.now(), state="CLOSED") for _ in range(40)]
    for case in cases:
        del case["tally_due"]
        del case["place"]["cell"]
    await city.database.cases.insert_many(cases)
    file_id = ObjectId()
    await GridFsFiles(city.database).put(f"photo_originals/{file_id}", b"jpeg")
    chunk = {"files_id": str(file_id)}
    await city.database["photo_originals.chunks"].update_many(chunk, {"$set": {"files_id": file_id}})
    listed = await city.database["photo_originals.files"].find_one({"_id": str(file_id)})
    assert listed is not None
    await city.database["photo_originals.files"].delete_one({"_id": str(file_id)})
    await city.database["photo_originals.files"].insert_one({**listed, "_id": file_id})
    await city.database.photos.insert_one({"_id": "old", "original_file": file_id, "state": "READY"})


async def test_every_step_does_its_work_once_and_nothing_the_second_time(city: City) -> None:
    await rows_of_before(city)
    counted = [one.rows for one in await made(city, dry_run=True)]
    assert all(counted) and await city.database.case_tallies.count_documents({}) == 0
    assert [step.name for step in await outstanding(city)] == [step.name for step in STEPS]

    first = await made(city)
    assert [one.name for one in first] == [step.name for step in STEPS] and all(one.rows for one in first)
    assert await outstanding(city) == [] and await made(city) == []
    photo = await city.database.photos.find_one({"_id": "old"})
    assert photo is not None and photo["original_file"].startswith("gridfs:photo_originals/")
    assert await read_file(city, photo, "original_file") == b"jpeg"
    everywhere = {"level": 15, "span": "*", "type_code": "*", "department_id": "*"}
    rows = await city.database.case_tallies.find(everywhere).to_list(None)
    assert sum(row["n"]["CLOSED"] for row in rows) == 40

    assert [one.rows for one in await made(city, again=True)] == [0] * len(STEPS)
    assert [one.rows for one in await made(city, again=True, dry_run=True)] == [0] * len(STEPS)


async def test_one_that_was_killed_is_begun_again_by_the_next_and_two_never_migrate_at_once(
    city: City,
) -> None:
    clock = HandClock(city.clock.now())
    timed, ran = replace(city, clock=clock), []

    async def work(city: City, told: Told) -> int:
        ran.append("begun")
        await told(1)
        if len(ran) == 1:  # while it runs, another one asks, is refused, and after a while takes over
            with pytest.raises(OperationRefused, match="Another process migrates"):
                await _made(timed, steps)
            clock.turn(seconds=LEASE.total_seconds() + 1)
            assert [one.rows for one in await _made(timed, steps)] == [7]
            await told(2)
        return 7

    async def left(city: City, told: Told) -> int:
        return 7

    steps: Sequence[Step] = (Step("0001_trial", "tries", work, left),)
    with pytest.raises(OperationRefused, match="taken the migration over"):
        await _made(timed, steps)
    record = await city.database.migrations.find_one({"_id": "0001_trial"})
    assert record is not None and record["done"] == 7 and len(ran) == 2
    assert await outstanding(timed, steps) == []


async def test_who_is_stopped_at_any_moment_leaves_the_next_one_free(city: City) -> None:
    async def work(_: City, told: Told) -> int:
        await told(1)
        return 1

    steps: Sequence[Step] = (Step("0001_trial", "tries", work, work),)
    for moment in range(40):
        leaving = asyncio.create_task(_made(city, steps))
        await asyncio.wait([leaving], timeout=moment / 10_000)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await city.database.migrations.delete_many({"_id": "0001_trial"})
        lease = await city.database.migrations.find_one({"_id": MIGRATION_LEASE})
        assert lease is None or lease["leased_until"] <= city.clock.now(), f"{moment / 10} ms"


async def _made(city: City, steps: Sequence[Step]) -> list[Made]:
    return [one async for one in migrate(city, "operator:t", quietly, steps=steps)]


def test_steps_are_numbered_in_their_order() -> None:
    assert [step.name[:5] for step in STEPS] == [f"{number:04d}_" for number in range(1, len(STEPS) + 1)]
