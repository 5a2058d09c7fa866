"""Originals go when their time is over: so many days after the last case that holds the photo ended.

The photo's row and our own copies stay. It may run twice and in several processes at once, and goes on where
a killed one stopped: a file is on the list of `files.py` while it goes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.files import begin_dropping, drop_files
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION

_BATCH = 200
_MOST_BATCHES = 50
_LOOKED_AT_AGAIN_AFTER = timedelta(days=30)  # where a case is still open
_FIELDS = {"original_file": 1, "original_needed_at": 1, "received_at": 1, "state": 1}
HAS_ORIGINAL = {"original_file": {"$type": ["string", "objectId"]}}

NeededUntil = Callable[[City, Collection[str]], Awaitable[dict[str, datetime | None]]]


async def drop_originals(city: City, needed_until: NeededUntil) -> int:
    """Take away the originals whose time is over; answers how many.

    `needed_until` tells for photos that are in cases when the last of those ended, nothing for an open one. A
    photo that is in none counts from its arrival.
    """
    dropped = 0
    for _ in range(_MOST_BATCHES):
        looked_at, gone = await _drop_batch(city, needed_until)
        dropped += gone
        if looked_at < _BATCH:
            break
    return dropped


async def _drop_batch(city: City, needed_until: NeededUntil) -> tuple[int, int]:
    now, kept_for = city.clock.now(), timedelta(days=city.settings.original_days)
    photos = await _due(city, now - kept_for)
    ends = await needed_until(city, [photo["_id"] for photo in photos])
    gone = 0
    for photo in photos:
        end = ends.get(photo["_id"], photo["received_at"])
        if end is None or photo["state"] == PhotoState.RECEIVED:
            await _look_again(city, photo, now - kept_for + _LOOKED_AT_AGAIN_AFTER)
        elif end + kept_for > now:
            await _look_again(city, photo, end)
        else:
            gone += await _drop(city, photo)
    return len(photos), gone


async def _due(city: City, before: datetime) -> list[Row]:
    """Find originals that nobody is known to need since this instant, those never looked at first."""
    fresh = {**HAS_ORIGINAL, "original_needed_at": None, "received_at": {"$lte": before}}
    known = {**HAS_ORIGINAL, "original_needed_at": {"$lte": before}}
    photos: list[Row] = await city.database[COLLECTION].find(fresh, _FIELDS).to_list(_BATCH)
    room = _BATCH - len(photos)
    return photos + (await city.database[COLLECTION].find(known, _FIELDS).to_list(room) if room else [])


async def _look_again(city: City, photo: Row, needed_at: datetime) -> None:
    values = {"original_needed_at": needed_at}
    await city.database[COLLECTION].update_one({"_id": photo["_id"]}, {"$set": values})


async def _drop(city: City, photo: Row) -> bool:
    references = await begin_dropping(city, photo)
    same = {"_id": photo["_id"], "original_file": photo["original_file"], "state": photo["state"]}
    done = await city.database[COLLECTION].update_one(same, {"$set": {"original_file": None}})
    if not done.modified_count:  # another process takes it away; the sweep settles the list
        return False
    await drop_files(city, references)
    return True
