"""A photo's own copies are made; what cannot be decoded is refused with the reason."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row, set_stage
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, Later, WorkItem, wakes_for, work_stage
from city_core.media.files import COPIES, drop_files, read_file, references_in, settle_files, write_file
from city_core.media.look_bands import look_keys
from city_core.media.model import PhotoOrigin, PhotoState
from city_core.media.pictures import make_copies
from city_core.media.store import COLLECTION

_PAUSE_SECONDS = 20.0


async def process_photo(city: City, held: Claim) -> bool:
    """Make the copies of a received photo; False when there was nothing left to do.

    A store that does not answer says nothing about the photo: that is no try.
    """
    photo = await city.database[COLLECTION].find_one({"_id": held.owner_id})
    if photo is None or photo["state"] != PhotoState.RECEIVED:
        return False
    try:
        return await _develop(city, held, photo)
    except CityProblem as problem:
        if problem.code != "BUSY":
            raise
        raise Later(_PAUSE_SECONDS, "the store of photos does not answer", counts=False) from problem


async def _develop(city: City, held: Claim, photo: Row) -> bool:
    data = await read_file(city, photo, "original_file")
    try:
        copies = await asyncio.get_running_loop().run_in_executor(_darkroom(), make_copies, data)
    except CityProblem as problem:
        return await refuse_photo(city, held, problem.code)
    values = {
        "state": PhotoState.READY.value,
        "width_px": copies.width_px,
        "height_px": copies.height_px,
        "look_hash": copies.look_hash,
        **look_keys(photo, copies.look_hash),
        "large_file": await write_file(city, COPIES, held.owner_id, copies.large),
        "small_file": await write_file(city, COPIES, held.owner_id, copies.small),
    }
    now = city.clock.now()
    is_frame = photo.get("origin") == PhotoOrigin.MACHINE
    following = [WorkItem("photo_ready", "photo_ready", now)]
    following += [WorkItem("look_at_frame" if is_frame else "look", "look", now)]
    return await _finish(city, held, values, following)


@cache
def _darkroom() -> ThreadPoolExecutor:
    """Two photos at a time: a large one takes some hundred megabytes while it is decoded."""
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="photo")


async def refuse_photo(city: City, held: Claim, code: str) -> bool:
    """Refuse a photo that nobody can decode; its owner is told."""
    following = [WorkItem("photo_refused", "photo_refused", city.clock.now())]
    values = {"state": PhotoState.REFUSED.value, "refusal": code}
    return await _finish(city, held, values, following)


async def _finish(city: City, held: Claim, values: Row, following: Sequence[WorkItem]) -> bool:
    stages: list[Any] = [set_stage(values), work_stage(following, held)]
    result = await city.database[COLLECTION].update_one({"_id": held.owner_id, **held.filter}, stages)
    if not result.modified_count:
        await drop_files(city, references_in(values))
        return True
    await settle_files(city, references_in(values))
    for wake in wakes_for(COLLECTION, held.owner_id, following):
        city.waker.wake(wake)
    return True
