"""What nobody needs any more is taken away: photos without a report, uploads given up, stray files.

Every sweep may run twice, and in several processes at once; each takes a bounded batch, found by an index
that holds only what is still to be looked at.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.media.files import (
    BEGUN,
    FOLDER_OF_FIELD,
    begin_dropping,
    drop_files,
    references_in,
    settle_files,
)
from city_core.media.store import COLLECTION
from city_core.media.uploads import PARTS, UPLOADS

_BATCH = 200
_MOST_BATCHES = 100
_LOOKED_AT_AGAIN_AFTER = timedelta(days=1)
_LONGEST_WRITE = timedelta(days=1)  # a file that was begun longer ago is not being written any more

PhotosInUse = Callable[[City, Collection[str]], Awaitable[set[str]]]


async def sweep_photos(city: City, in_use: PhotosInUse, expected: PhotosInUse) -> int:
    """Forget photos that no case named for `orphan_days` after they came; answers how many were forgotten.

    `in_use` tells which of some photos a case holds: those are not looked at again. `expected` tells which a
    command names that still waits: those are looked at again a day later.
    """
    forgotten = 0
    for _ in range(_MOST_BATCHES):
        looked_at, gone = await _sweep_batch(city, in_use, expected)
        forgotten += gone
        if looked_at < _BATCH:
            break
    return forgotten


async def _sweep_batch(city: City, in_use: PhotosInUse, expected: PhotosInUse) -> tuple[int, int]:
    due = {"look_for_case_at": {"$lte": city.clock.now()}}
    photos = await city.database[COLLECTION].find(due).sort("look_for_case_at", 1).to_list(_BATCH)
    ids = [photo["_id"] for photo in photos]
    awaited = await expected(city, ids)  # before the cases: what is carried out in this moment is in one
    used = await in_use(city, ids)
    again = {"_id": {"$in": sorted(awaited - used)}}
    later = {"look_for_case_at": city.clock.now() + _LOOKED_AT_AGAIN_AFTER}
    await city.database[COLLECTION].update_many(again, {"$set": later})
    held = {"_id": {"$in": sorted(used)}}
    await city.database[COLLECTION].update_many(held, {"$unset": {"look_for_case_at": ""}})
    orphans = [photo for photo in photos if photo["_id"] not in used | awaited]
    return len(photos), sum([await _forget(city, photo, in_use, expected) for photo in orphans])


async def _forget(city: City, photo: Row, in_use: PhotosInUse, expected: PhotosInUse) -> bool:
    references = await begin_dropping(city, photo)
    named = {field: photo.get(field) for field in FOLDER_OF_FIELD}  # a copy may be made in this very moment
    when = photo["look_for_case_at"]
    same = {"_id": photo["_id"], "look_for_case_at": when, "state": photo["state"], **named}
    gone = await city.database[COLLECTION].find_one_and_delete(same)
    if gone is None:  # another process takes or changes it; `sweep_files` settles what is on the list
        return False
    if await expected(city, [photo["_id"]]) or await in_use(
        city, [photo["_id"]]
    ):  # its report came in this very moment
        await _put_back(city, gone)
        await settle_files(city, references)
        return False
    await drop_files(city, references)
    return True


async def _put_back(city: City, photo: Row) -> None:
    try:
        await city.database[COLLECTION].insert_one(photo)
    except DuplicateKeyError:  # the phone has sent it anew already
        await drop_files(city, references_in(photo))


async def sweep_uploads(city: City) -> int:
    """Forget uploads that have expired, and pieces of them; answers how many uploads were forgotten."""
    expired = {"expires_at": {"$lte": city.clock.now()}}
    parts = await city.database[PARTS].find(expired, {"_id": 1}).to_list(_BATCH)
    await city.database[PARTS].delete_many({"_id": {"$in": [part["_id"] for part in parts]}})
    rows = await city.database[UPLOADS].find(expired, {"_id": 1}).to_list(_BATCH)
    ids = [row["_id"] for row in rows]
    gone = await city.database[UPLOADS].delete_many({"_id": {"$in": ids}, **expired})
    return int(gone.deleted_count)


async def sweep_files(city: City) -> int:
    """Settle files that a killed process left: kept where their photo names them, else taken away."""
    before = {"begun_at": {"$lte": city.clock.now() - _LONGEST_WRITE}}
    begun = await city.database[BEGUN].find(before).sort("begun_at", 1).to_list(_BATCH)
    photos = {"_id": {"$in": [row["photo_id"] for row in begun]}}
    named: set[str] = set()
    async for photo in city.database[COLLECTION].find(photos):
        named.update(references_in(photo))
    left = [row["_id"] for row in begun]
    await settle_files(city, [reference for reference in left if reference in named])
    stray = [reference for reference in left if reference not in named]
    return sum([await _drop_stray(city, reference) for reference in stray])


async def _drop_stray(city: City, reference: str) -> bool:
    """Take one file away; where its store does not answer, it waits behind all others."""
    try:
        await drop_files(city, [reference])
    except CityProblem:
        await city.database[BEGUN].update_one(
            {"_id": reference}, {"$set": {"begun_at": city.clock.now() - _LONGEST_WRITE}}
        )
        return False
    return True
