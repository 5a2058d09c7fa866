"""Tallies on a real mongod: each ended case once, whoever is killed, and no phone hears of it."""

from __future__ import annotations

import asyncio
import re
from random import Random
from typing import Any

import pytest

from city_core.cases.tallies.counted import counted_as
from city_core.cases.tallies.fold import fold_cases, fold_tallies
from city_core.cases.tallies.rebuild import recount
from city_core.kit.city import City
from city_core.kit.mongo import Database, Session, in_transaction
from city_core.sync.feeder import _NO_MATTER
from tests.integration.map.made_cases import made_case


async def ended(city: City, count: int) -> list[dict[str, Any]]:
    dice = Random(7)
    rows = [made_case(dice, city.clock.now(), state="CLOSED") for _ in range(count)]
    await city.database.cases.insert_many(rows)
    return rows


async def everything(database: Database) -> dict[bytes, dict[str, int]]:
    found = {row["_id"]: row["n"] async for row in database.case_tallies.find()}
    numbers = {row_id: {state: n for state, n in by.items() if n} for row_id, by in found.items()}
    return {row_id: by for row_id, by in numbers.items() if by}


async def differences(city: City, *, only_check: bool) -> int:
    return sum([one.miscounted + one.rows async for one in recount(city, only_check=only_check)])


async def test_two_workers_fold_each_case_once(city: City) -> None:
    await ended(city, 400)
    folded = await asyncio.gather(*(fold_tallies(city) for _ in range(3)))
    assert sum(folded) >= 400
    all_of_it = {"level": 15, "span": "*", "type_code": "*", "department_id": "*"}
    rows = await city.database.case_tallies.find(all_of_it).to_list(None)
    assert sum(row["n"]["CLOSED"] for row in rows) == 400
    assert await differences(city, only_check=True) == 0


async def test_folding_changes_no_version_and_keeps_what_it_counted(city: City) -> None:
    (row, *_) = await ended(city, 3)
    assert await fold_tallies(city) == 3 and await fold_tallies(city) == 0
    kept = await city.database.cases.find_one({"_id": row["_id"]})
    assert kept is not None and kept["version"] == row["version"] and not kept["tally_due"]
    assert kept["tally"] == counted_as(row)


async def test_a_case_that_is_open_again_is_taken_off(city: City) -> None:
    rows = await ended(city, 5)
    await fold_tallies(city)
    again = {"$set": {"state": "FILED", "tally_due": True}, "$inc": {"version": 1}}
    await city.database.cases.update_one({"_id": rows[0]["_id"]}, again)
    await fold_tallies(city)
    kept = await city.database.cases.find_one({"_id": rows[0]["_id"]})
    assert kept is not None and kept["tally"] is None
    assert await differences(city, only_check=True) == 0


@pytest.mark.parametrize("times", [1, 2])
async def test_a_recount_puts_everything_right(city: City, times: int) -> None:
    rows = await ended(city, 120)
    await fold_tallies(city)
    right = await everything(city.database)
    cases = city.database.cases
    await cases.update_many({"_id": {"$in": [row["_id"] for row in rows[:30]]}}, {"$unset": {"tally": ""}})
    await cases.update_one({"_id": rows[40]["_id"]}, {"$unset": {"place.cell": ""}})
    await city.database.case_tallies.update_many({"level": 16}, {"$inc": {"n.CLOSED": 3}})
    assert await differences(city, only_check=True) > 0
    for _ in range(times):
        await differences(city, only_check=False)
    assert await everything(city.database) == right
    assert await differences(city, only_check=True) == 0


async def test_recounts_at_the_same_time_as_folds_count_nothing_twice(city: City) -> None:
    rows = await ended(city, 300)
    counted_once = {"$unset": {"tally_due": ""}}
    await city.database.cases.update_many({"_id": {"$in": [row["_id"] for row in rows[:200]]}}, counted_once)
    recounts = (differences(city, only_check=False) for _ in range(2))
    await asyncio.gather(fold_tallies(city), *recounts, fold_tallies(city))
    await differences(city, only_check=False)
    assert await differences(city, only_check=True) == 0
    all_of_it = {"level": 15, "span": "*", "type_code": "*", "department_id": "*"}
    found = await city.database.case_tallies.find(all_of_it).to_list(None)
    assert sum(row["n"]["CLOSED"] for row in found) == 300


async def test_a_fold_that_is_killed_half_way_counts_nothing(city: City) -> None:
    rows = await ended(city, 20)

    class Killed(Exception):
        """The worker is gone before its transaction is kept."""

    async def half(session: Session) -> None:
        await fold_cases(city, rows, session)
        raise Killed

    with pytest.raises(Killed):
        await in_transaction(city.database, half)
    assert await everything(city.database) == {}
    assert await city.database.cases.count_documents({"tally_due": True}) == 20
    assert await fold_tallies(city) == 20
    assert await differences(city, only_check=True) == 0


@pytest.mark.parametrize("field", ["tally", "tally.state", "tally_due", "place.cell"])
def test_phones_do_not_hear_of_tallies(field: str) -> None:
    assert re.search(_NO_MATTER, field) and not re.search(_NO_MATTER, "place.address")
