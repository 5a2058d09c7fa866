"""A person's photos: taken along, and gone afterwards but for the veiled copies that cases need."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from city_core.cases.photos import photos_in_cases
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Later
from city_core.media.files import (
    COPIES,
    FOLDER_OF_FIELD,
    begin_dropping,
    drop_files,
    read_file,
    reference_in,
    settle_files,
    write_file,
)
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION
from city_core.media.stores.port import FileGone
from city_core.media.veiling import WHOLE, veil_whole
from city_core.privacy.holder import Holder

_CLEAR = ("original_file", "large_file", "small_file")
_WAITS_FOR_VEIL = timedelta(days=1)
_PAUSE_SECONDS = 60.0
_BATCH, _MOST_BATCHES = 100, 200
_TOLD = ("_id", "received_at", "capture", "content_type", "size_bytes", "width_px", "height_px")


async def photos_to_take(city: City, holder: Holder) -> list[Row]:
    """List somebody's photos, with what their metadata said."""
    rows = city.database[COLLECTION].find({"owner_id": holder.person_id}, dict.fromkeys(_TOLD, 1))
    found: list[Row] = await rows.sort("received_at", 1).to_list(None)
    return found


async def bytes_to_take(city: City, holder: Holder) -> AsyncIterator[tuple[str, bytes]]:
    """Give the bytes of somebody's photos one by one: the original where it is kept, else our large copy."""
    async for photo in city.database[COLLECTION].find({"owner_id": holder.person_id}):
        for field in _CLEAR:
            if photo.get(field) is not None:
                try:
                    yield photo["_id"], await read_file(city, photo, field)
                except FileGone:
                    continue
                break


async def leave_photos(city: City, holder: Holder) -> int:
    """Take away somebody's photos; of those in cases the veiled copy stays. Answers how many there were."""
    left = 0
    for _ in range(_MOST_BATCHES):
        photos = await city.database[COLLECTION].find({"owner_id": holder.person_id}).to_list(_BATCH)
        held = await photos_in_cases(city, [photo["_id"] for photo in photos])
        for photo in photos:
            await (_keep_veiled(city, holder, photo) if photo["_id"] in held else _take_away(city, photo))
            left += 1
        if not photos:
            return left
    raise Later(_PAUSE_SECONDS, "there are photos left", counts=False)


async def _take_away(city: City, photo: Row) -> None:
    references = await begin_dropping(city, photo)
    same = {"_id": photo["_id"], **{field: photo.get(field) for field in FOLDER_OF_FIELD}}
    if (await city.database[COLLECTION].delete_one(same)).deleted_count:
        await drop_files(city, references)


async def _keep_veiled(city: City, holder: Holder, photo: Row) -> None:
    """Leave the one copy without faces and plates; one that nobody veiled in time is blurred all over."""
    waits = photo["state"] == PhotoState.RECEIVED or (
        photo["state"] == PhotoState.READY and photo.get("public_file") is None
    )
    if waits and city.clock.now() < photo["received_at"] + _WAITS_FOR_VEIL:
        raise Later(_PAUSE_SECONDS, "a photo is not veiled yet", counts=False)
    values: Row = {
        "owner_id": holder.reference, "capture": None, "look_hash": None, "look_bands": None,
        "original_needed_at": None, "work": [], **dict.fromkeys(_CLEAR),
    }  # fmt: skip
    written: list[str] = []
    if waits:
        written = [await write_file(city, COPIES, photo["_id"], veil_whole(None))]
        veil = {"faces": 0, "plates": 0, "veiler_version": WHOLE, "made_at": city.clock.now()}
        values |= {"public_file": written[0], "veil": veil, "state": PhotoState.READY.value}
    clear = {field: photo.get(field) for field in _CLEAR}
    references = [reference_in(photo, field) for field in _CLEAR if photo.get(field) is not None]
    await begin_dropping(city, {"_id": photo["_id"], **clear})
    same = {"_id": photo["_id"], "public_file": photo.get("public_file"), **clear}
    done = await city.database[COLLECTION].update_one(same, {"$set": values})
    await settle_files(city, written)
    if done.modified_count:
        await drop_files(city, references)
