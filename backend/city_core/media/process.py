"""A photo's own copies are made in the darkroom; what cannot be decoded is refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row, set_stage
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, Later, WorkItem, wakes_for, work_stage
from city_core.media.ask_for_others import REFUSED_WORK
from city_core.media.capture import believable
from city_core.media.darkroom.darkroom import NoVerdict, darkroom
from city_core.media.fair_shares import SHARES
from city_core.media.files import (
    COPIES,
    begin_dropping,
    drop_files,
    read_file,
    references_in,
    settle_files,
    write_file,
)
from city_core.media.look_bands import look_keys
from city_core.media.model import PhotoOrigin, PhotoState
from city_core.media.store import COLLECTION

# What a photo that is ready leads to, by kind and key: its cases hear of it, models look at it, faces and
# plates are veiled. A frame of a machine is veiled once a case holds it: most are forgotten before.
_WORK_OF_PHOTOS = {"photo_ready": "photo_ready", "look": "look", "veil": "veil"}
_WORK_OF_FRAMES = {"photo_ready": "photo_ready", "look_at_frame": "look"}
# Seconds of computing that citizens wait for: after what brings the report to an officer.
_PATIENCE_WITH = {"veil": timedelta(seconds=2)}
_PAUSE_SECONDS = 20.0
_SHORT_PAUSE_SECONDS = 1.0
_ASIDE_SECONDS = 10.0


async def process_photo(city: City, held: Claim) -> bool:
    """Make the copies of a received photo; False when there was nothing left to do.

    A store that does not answer, or a darkroom that is full, says nothing about the photo: that is no try.
    """
    photo = await city.database[COLLECTION].find_one({"_id": held.owner_id})
    if photo is None or photo["state"] != PhotoState.RECEIVED:
        return False
    if photo.get("origin") != PhotoOrigin.MACHINE and await SHARES.steps_aside(city, photo["owner_id"]):
        raise Later(_ASIDE_SECONDS, "photos of others come first", counts=False)
    try:
        return await _develop(city, held, photo)
    except NoVerdict as reason:
        raise Later(_SHORT_PAUSE_SECONDS, str(reason), counts=False) from reason
    except CityProblem as problem:
        if problem.code != "BUSY":
            raise
        raise Later(_PAUSE_SECONDS, "the store of photos does not answer", counts=False) from problem


async def _develop(city: City, held: Claim, photo: Row) -> bool:
    data = await read_file(city, photo, "original_file")
    try:
        copies = await darkroom().develop(data, took=partial(SHARES.note, photo["owner_id"]))
    except CityProblem as problem:
        return await refuse_photo(city, held, problem.code)
    unknown = await _is_of_unknown(city, photo)
    values = {
        "state": PhotoState.READY.value,
        "width_px": copies.width_px,
        "height_px": copies.height_px,
        "look_hash": copies.look_hash,
        **look_keys(photo, copies.look_hash),
        "capture": None if unknown else asdict(believable(copies.said, city.clock.now())),
        "large_file": await write_file(city, COPIES, held.owner_id, copies.large),
        "small_file": await write_file(city, COPIES, held.owner_id, copies.small),
    }
    works = _WORK_OF_FRAMES if photo.get("origin") == PhotoOrigin.MACHINE else _WORK_OF_PHOTOS
    if not unknown:
        return await _finish(city, held, values, works)
    told = await begin_dropping(city, {"_id": photo["_id"], "original_file": photo["original_file"]})
    done = await _finish(city, held, {**values, "original_file": None}, works)
    if await city.database[COLLECTION].find_one({"_id": photo["_id"], "original_file": None}, {"_id": 1}):
        await drop_files(city, told)
    return done


async def _is_of_unknown(city: City, photo: Row) -> bool:
    """Tell whether somebody unknown sent a photo: its original would tell their phone, place and time."""
    unknown = {"_id": photo["owner_id"], "claim_hash": {"$gt": ""}}
    return await city.database.people.find_one(unknown, {"_id": 1}) is not None


async def refuse_photo(city: City, held: Claim, code: str) -> bool:
    """Refuse a photo that nobody can decode; its owner is told."""
    values = {"state": PhotoState.REFUSED.value, "refusal": code}
    return await _finish(city, held, values, {REFUSED_WORK: REFUSED_WORK})


async def _finish(city: City, held: Claim, values: Row, works: Mapping[str, str]) -> bool:
    now = city.clock.now()
    following = [
        WorkItem(kind, key, now + _PATIENCE_WITH.get(kind, timedelta(0))) for kind, key in works.items()
    ]
    stages: list[Any] = [set_stage(values), work_stage(following, held)]
    result = await city.database[COLLECTION].update_one({"_id": held.owner_id, **held.filter}, stages)
    if not result.modified_count:
        await drop_files(city, references_in(values))
        return True
    await settle_files(city, references_in(values))
    for wake in wakes_for(COLLECTION, held.owner_id, following):
        city.waker.wake(wake)
    return True
