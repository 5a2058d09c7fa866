"""Originals go when their time is over, and photos without a copy for citizens are handed in for one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from city_core.cases.photos import needed_until
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.waking import CollectingWaker, QuietWaker
from city_core.media.ask_for_veils import ask_for_veils
from city_core.media.drop_originals import HAS_ORIGINAL, drop_originals
from city_core.media.serve import read_rendition
from city_core.media.store import keep_photo
from city_core.media.sweep_orphans import sweep_files
from tests.hand_clock import HandClock, beijing
from tests.integration.media.test_uploads_survive import do_work
from tests.integration.test_photos import People, jpeg, report_with
from tests.village import found_village

KEPT_DAYS = 365


@pytest.fixture
def clock() -> HandClock:
    return HandClock(beijing(2, 9))


@pytest.fixture
def town(city: City, clock: HandClock) -> City:
    return replace(city, clock=clock)


@pytest.fixture
async def people(town: City) -> People:
    return await found_village(town)


async def ready(town: City, owner: str = "inspector-1") -> str:
    photo_id = new_id()
    await keep_photo(town, owner, photo_id, jpeg())
    assert await do_work(town, "process_photo", "photos", photo_id)
    return photo_id


async def ended(town: City, case_id: str, state: str = "CLOSED", **more: Any) -> None:
    values = {"state": state, "updated_at": town.clock.now(), **more}
    await town.database.cases.update_one({"_id": case_id}, {"$set": values})


async def has_original(town: City, photo_id: str) -> bool:
    row = await town.database.photos.find_one({"_id": photo_id})
    assert row is not None
    files = await town.database["photo_originals.files"].count_documents({"_id": {"$regex": photo_id}})
    assert (row["original_file"] is not None) == bool(files)
    return bool(files)


async def test_an_original_outlives_the_last_case_that_holds_it_by_a_year(
    town: City, clock: HandClock, people: People
) -> None:
    photo_id = await ready(town)
    first = await report_with(town, people["inspector-1"], photo_id)
    second = await report_with(town, people["inspector-1"], photo_id)
    await ended(town, first, closed_at=clock.now())
    clock.turn(days=KEPT_DAYS + 1)
    assert await drop_originals(town, needed_until) == 0  # the second one is still open
    await ended(town, second, "CANCELLED", updated_at=clock.now())
    clock.turn(days=KEPT_DAYS, minutes=-1)
    assert await drop_originals(town, needed_until) == 0 and await has_original(town, photo_id)
    clock.turn(minutes=2)
    gone = await asyncio.gather(*(drop_originals(town, needed_until) for _ in range(3)))
    assert sum(gone) == 1 and not await has_original(town, photo_id)
    clock.turn(days=1, minutes=1)
    await sweep_files(town)  # settles what whoever came second had begun
    assert await town.database.begun_files.count_documents({}) == 0
    assert (await read_rendition(town, {"_id": photo_id}, "large")).data
    assert await drop_originals(town, needed_until) == 0


async def test_a_photo_of_no_case_counts_from_its_arrival_and_a_shorter_time_counts_at_once(
    town: City, clock: HandClock, people: People
) -> None:
    photo_id = await ready(town)
    clock.turn(days=200)
    assert await drop_originals(town, needed_until) == 0
    shorter = replace(town, settings=town.settings.model_copy(update={"original_days": 100}))
    assert await drop_originals(shorter, needed_until) == 1
    assert not await has_original(town, photo_id)


async def test_a_photo_that_was_not_looked_at_yet_keeps_its_original(
    town: City, clock: HandClock, people: People
) -> None:
    photo_id = new_id()
    await keep_photo(town, "inspector-1", photo_id, jpeg())
    clock.turn(days=KEPT_DAYS + 1)
    assert await drop_originals(town, needed_until) == 0 and await has_original(town, photo_id)


async def test_a_process_that_is_killed_while_it_takes_one_away_leaves_nothing_behind(
    town: City, clock: HandClock, people: People
) -> None:
    photo_id = await ready(town)
    row = await town.database.photos.find_one({"_id": photo_id})
    assert row is not None
    begun = {"_id": row["original_file"], "photo_id": photo_id, "begun_at": clock.now()}
    await town.database.begun_files.insert_one(begun)
    clock.turn(days=2)
    assert await sweep_files(town) == 0 and await has_original(town, photo_id)  # killed before the row was
    await town.database.begun_files.insert_one(begun)
    await town.database.photos.update_one({"_id": photo_id}, {"$set": {"original_file": None}})
    assert await sweep_files(town) == 1 and not await has_original(town, photo_id)


async def test_more_originals_than_one_batch_go_in_one_turn(
    town: City, clock: HandClock, people: People
) -> None:
    photo_id = await ready(town)
    row = await town.database.photos.find_one({"_id": photo_id})
    assert row is not None
    many = [
        {**row, "_id": new_id(), "original_file": f"gridfs:photo_originals/{new_id()}"} for _ in range(230)
    ]
    await town.database.photos.insert_many(many)
    clock.turn(days=KEPT_DAYS + 1)
    assert await drop_originals(town, needed_until) == 231
    assert await town.database.photos.count_documents(HAS_ORIGINAL) == 0


async def veil_work(town: City) -> list[Row]:
    rows = town.database.photos.find({"work.kind": "veil"}, {"work": 1})
    return [item for row in await rows.to_list(None) for item in row["work"]]


async def test_photos_without_a_copy_for_citizens_are_handed_in_once(town: City, people: People) -> None:
    old, done, waiting, given_up = [await ready(town) for _ in range(4)]
    received = new_id()
    await keep_photo(town, "inspector-1", received, jpeg())
    photos = town.database.photos
    await photos.update_many({"state": "READY"}, {"$set": {"work": []}})
    item = {"kind": "veil", "key": "veil", "due_at": None, "input": {}, "attempts": 5, "token": None}
    await photos.update_one({"_id": done}, {"$set": {"public_file": "gridfs:photo_copies/x"}})
    await photos.update_one({"_id": waiting}, {"$set": {"work": [{**item, "given_up": False}]}})
    await photos.update_one({"_id": given_up}, {"$set": {"work": [{**item, "given_up": True}]}})
    woken = CollectingWaker(QuietWaker())
    asked = await asyncio.gather(*(ask_for_veils(replace(town, waker=woken)) for _ in range(3)))
    assert sum(asked) == 1 and [wake.owner_id for wake in woken.wakes] == [old]
    assert len(await veil_work(town)) == 3
    assert await ask_for_veils(town) == 0


async def test_years_of_photos_are_handed_in_bit_by_bit_newest_first(
    town: City, clock: HandClock, people: People
) -> None:
    row = await town.database.photos.find_one({"_id": await ready(town)})
    assert row is not None
    await town.database.photos.update_one({"_id": row["_id"]}, {"$set": {"work": []}})
    older = {**row, "received_at": beijing(1, 0), "work": []}
    await town.database.photos.insert_many([{**older, "_id": new_id()} for _ in range(320)])
    assert await ask_for_veils(town) == 300
    assert len(await veil_work(town)) == 300
    newest = await town.database.photos.find_one({"_id": row["_id"]})
    assert newest is not None and [item["kind"] for item in newest["work"]] == ["veil"]
    assert await ask_for_veils(town) == 21
    assert await ask_for_veils(town) == 0


@pytest.mark.parametrize(
    "query",
    [
        {**HAS_ORIGINAL, "original_needed_at": None, "received_at": {"$lte": beijing(2, 9)}},
        {**HAS_ORIGINAL, "original_needed_at": {"$lte": beijing(2, 9)}},
    ],
)
async def test_what_is_due_is_found_by_an_index(town: City, query: Row) -> None:
    plan = await town.database.photos.find(query).explain()
    assert "'originals'" in str(plan["queryPlanner"]["winningPlan"])


async def test_what_has_no_veil_is_found_by_an_index_in_its_order(town: City) -> None:
    of_phones = {"origin": {"$in": [None, "PHONE"]}}
    query = {"state": "READY", "public_file": None, "work.kind": {"$ne": "veil"}, **of_phones}
    found = town.database.photos.find(query).hint("unveiled")
    plan = await found.sort("received_at", -1).limit(300).explain()
    winning = str(plan["queryPlanner"]["winningPlan"])
    assert "'unveiled'" in winning and "'SORT'" not in winning
