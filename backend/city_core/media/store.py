"""A photo comes in from a phone, once per photo id."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.ids import checked_client_id
from city_core.kit.metrics import PHOTO_BYTES, PHOTOS
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem, wakes_for
from city_core.media.files import (
    ORIGINALS,
    begin_dropping,
    drop_files,
    references_in,
    settle_files,
    write_file,
)
from city_core.media.kinds import ALLOWED_KINDS, PictureHeader, read_header
from city_core.media.model import PhotoOrigin, PhotoState
from city_core.media.quotas import check_new_photo
from city_core.media.room import ROOM, Guest
from city_core.people.roles import Actor

COLLECTION = "photos"


async def receive_photo(
    city: City,
    actor: Actor,
    media_id: str,
    chunks: AsyncIterator[bytes],
    content_length: int | None = None,
    sha256: str | None = None,
) -> Row:
    """Keep a photo's bytes; the same bytes again are answered as already here, others are refused.

    Nothing is stored before the last byte has arrived. A refused photo is remembered with the reason, so
    that its report shows it, and may be sent anew under the same id. `sha256` is what the phone says that its
    bytes have, 64 hex digits.
    """
    photo_id = checked_client_id(media_id, "mediaId")
    await check_new_photo(city, actor, photo_id)
    with ROOM.guest(city.settings, actor.person_id) as guest:
        data = await _collect(chunks, city.settings.upload_limit_bytes, content_length, guest)
        return await keep_photo(city, actor.person_id, photo_id, data, sha256)


async def keep_photo(
    city: City,
    owner_id: str,
    photo_id: str,
    data: bytes,
    announced_sha256: str | None = None,
    *,
    taken: Row | None = None,
) -> Row:
    """Make a photo of bytes that have all arrived: the one way in, whichever way they came.

    `taken` is what a machine's photo has beside (see `by_machine`).
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if announced_sha256 not in (None, sha256):
        raise CityProblem("CHECKSUM_WRONG", field="sha256", allowed="the bytes that were announced")
    known = await known_photo(city, owner_id, photo_id, sha256)
    if known is not None and known["state"] != PhotoState.REFUSED:
        return {**known, "already_here": True}
    if known is not None:  # its files go with it: on the list first, for whoever is killed meanwhile
        await begin_dropping(city, known)
    try:
        header = read_header(data)
    except CityProblem as problem:
        row = _row(city, owner_id, sha256, len(data), PhotoState.REFUSED) | {"refusal": problem.code}
        row |= taken or {}
        await _put(city, photo_id, row)
        raise
    return await _keep(city, owner_id, photo_id, sha256, data, header, taken or {})


def by_machine(street_code: str) -> Row:
    """Give what the photo of a machine has beside: that it is one, and the street that it shows."""
    return {"origin": PhotoOrigin.MACHINE.value, "street_code": street_code}


async def known_photo(city: City, owner_id: str, photo_id: str, sha256: str | None) -> Row | None:
    """Find what is kept under a photo id; refuses an id that holds another photo, or somebody else's.

    Without a hash every photo of this owner fits.
    """
    known: Row | None = await city.database[COLLECTION].find_one({"_id": photo_id}, {"work": 0})
    if known is None:
        return None
    own = known["owner_id"] == owner_id
    same = sha256 in (None, known["sha256"]) or known["state"] == PhotoState.REFUSED
    if not (own and same):
        raise CityProblem("PHOTO_ID_TAKEN", field="mediaId", allowed="a fresh UUID for each photo")
    return known


async def _collect(
    chunks: AsyncIterator[bytes], most_bytes: int, content_length: int | None, guest: Guest
) -> bytes:
    too_large = CityProblem("PHOTO_TOO_LARGE", field="photo", allowed=f"at most {most_bytes:,} bytes")
    if content_length is not None and content_length > most_bytes:
        raise too_large
    data = io.BytesIO()
    async for chunk in chunks:
        guest.take(len(chunk))
        data.write(chunk)
        if guest.taken_bytes > most_bytes:
            raise too_large
    if content_length is not None and guest.taken_bytes != content_length:
        raise CityProblem("PHOTO_INTERRUPTED", field="photo", allowed=f"all {content_length:,} bytes")
    if not guest.taken_bytes:
        raise CityProblem("PHOTO_EMPTY", field="photo", allowed=ALLOWED_KINDS)
    return data.getvalue()


async def _keep(
    city: City, owner_id: str, photo_id: str, sha256: str, data: bytes, header: PictureHeader, taken: Row
) -> Row:
    original = await write_file(city, ORIGINALS, photo_id, data)
    await point("photo.bytes_kept")
    item = WorkItem("process_photo", "process_photo", city.clock.now())
    row = _row(city, owner_id, sha256, len(data), PhotoState.RECEIVED) | {
        "content_type": header.content_type,
        "width_px": header.width_px,
        "height_px": header.height_px,
        "original_file": original,
        "work": [item.row()],
        **taken,
    }
    if not await _put(city, photo_id, row):
        await drop_files(city, [original])
        known = await known_photo(city, owner_id, photo_id, sha256)
        if known is None:  # taken away in this very moment: the phone sends it again
            raise CityProblem("BUSY")
        return {**known, "already_here": True}
    await settle_files(city, [original])
    PHOTOS.inc()
    PHOTO_BYTES.inc(len(data))
    for wake in wakes_for(COLLECTION, photo_id, [item]):
        city.waker.wake(wake)
    return {"_id": photo_id, **row, "already_here": False}


async def _put(city: City, photo_id: str, row: Row) -> bool:
    """Write the row unless somebody put a good photo there meanwhile; a refused one goes with its files."""
    query = {"_id": photo_id, "state": PhotoState.REFUSED, "owner_id": row["owner_id"]}
    try:
        refused = await city.database[COLLECTION].find_one_and_replace(query, row, upsert=True)
    except DuplicateKeyError:
        return False
    if refused is not None:
        await drop_files(city, references_in(refused))
    return True


def _row(city: City, owner_id: str, sha256: str, size_bytes: int, state: PhotoState) -> Row:
    now = city.clock.now()
    return {
        "owner_id": owner_id,
        "origin": PhotoOrigin.PHONE.value,
        "state": state.value,
        "sha256": sha256,
        "size_bytes": size_bytes,
        "content_type": "application/octet-stream",
        "width_px": None,
        "height_px": None,
        "look_hash": None,
        "look_bands": None,
        "refusal": None,
        "refusal_told": {},
        "street_code": None,
        "original_file": None,
        "large_file": None,
        "small_file": None,
        "public_file": None,
        "veil": None,
        "capture": None,
        "original_needed_at": None,
        "looked_by": None,
        "received_at": now,
        "look_for_case_at": now + timedelta(days=city.settings.orphan_days),
        "work": [],
    }
