"""A photo comes in from a phone, once per photo id."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import DuplicateKeyError, Row, photo_store
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem, wakes_for
from city_core.media.model import PhotoState
from city_core.media.pictures import PictureHeader, read_header
from city_core.people.roles import Actor

COLLECTION = "photos"
ORIGINALS, COPIES = "photo_originals", "photo_copies"


async def receive_photo(
    city: City,
    actor: Actor,
    media_id: str,
    chunks: AsyncIterator[bytes],
    content_length: int | None = None,
) -> Row:
    """Keep a photo's bytes; the same bytes again are answered as already here, others are refused.

    Nothing is stored before the last byte has arrived. A refused photo is remembered with the reason, so
    that its report shows it, and may be sent anew under the same id.
    """
    photo_id = checked_client_id(media_id, "mediaId")
    data = await _collect(chunks, city.settings.upload_limit_bytes, content_length)
    sha256 = hashlib.sha256(data).hexdigest()
    known = await _known(city, actor, photo_id, sha256)
    if known is not None and known["state"] != PhotoState.REFUSED:
        return {**known, "already_here": True}
    try:
        header = read_header(data)
    except CityProblem as problem:
        await _remember_refusal(city, actor, photo_id, sha256, len(data), problem.code)
        raise
    return await _keep(city, actor, photo_id, sha256, data, header)


async def _collect(chunks: AsyncIterator[bytes], most_bytes: int, content_length: int | None) -> bytes:
    too_large = CityProblem("PHOTO_TOO_LARGE", field="photo", allowed=f"at most {most_bytes:,} bytes")
    if content_length is not None and content_length > most_bytes:
        raise too_large
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > most_bytes:
            raise too_large
    if content_length is not None and len(data) != content_length:
        raise CityProblem("PHOTO_INTERRUPTED", field="photo", allowed=f"all {content_length:,} bytes")
    if not data:
        raise CityProblem("PHOTO_EMPTY", field="photo", allowed="JPEG, PNG or WebP")
    return bytes(data)


async def _known(city: City, actor: Actor, photo_id: str, sha256: str) -> Row | None:
    known: Row | None = await city.database[COLLECTION].find_one({"_id": photo_id}, {"work": 0})
    if known is None:
        return None
    same = known["owner_id"] == actor.person_id and known["sha256"] == sha256
    retaken = known["owner_id"] == actor.person_id and known["state"] == PhotoState.REFUSED
    if not (same or retaken):
        raise CityProblem("PHOTO_ID_TAKEN", field="mediaId", allowed="a fresh UUID for each photo")
    return known


async def _remember_refusal(
    city: City, actor: Actor, photo_id: str, sha256: str, size_bytes: int, code: str
) -> None:
    row = _row(city, actor, sha256, size_bytes, PhotoState.REFUSED) | {"refusal": code}
    await _put(city, photo_id, row, actor)


async def _keep(
    city: City, actor: Actor, photo_id: str, sha256: str, data: bytes, header: PictureHeader
) -> Row:
    original = await photo_store(city.database, ORIGINALS).upload_from_stream(photo_id, data)
    item = WorkItem("process_photo", "process_photo", city.clock.now())
    row = _row(city, actor, sha256, len(data), PhotoState.RECEIVED) | {
        "content_type": header.content_type,
        "width_px": header.width_px,
        "height_px": header.height_px,
        "original_file": original,
        "work": [item.row()],
    }
    if not await _put(city, photo_id, row, actor):
        await photo_store(city.database, ORIGINALS).delete(original)
        known = await _known(city, actor, photo_id, sha256)
        assert known is not None
        return {**known, "already_here": True}
    for wake in wakes_for(COLLECTION, photo_id, [item]):
        city.waker.wake(wake)
    return {"_id": photo_id, **row, "already_here": False}


async def _put(city: City, photo_id: str, row: Row, actor: Actor) -> bool:
    """Write the row unless somebody put a good photo there meanwhile."""
    query = {"_id": photo_id, "state": PhotoState.REFUSED, "owner_id": actor.person_id}
    try:
        await city.database[COLLECTION].replace_one(query, row, upsert=True)
    except DuplicateKeyError:
        return False
    return True


def _row(city: City, actor: Actor, sha256: str, size_bytes: int, state: PhotoState) -> Row:
    return {
        "owner_id": actor.person_id,
        "state": state.value,
        "sha256": sha256,
        "size_bytes": size_bytes,
        "content_type": "application/octet-stream",
        "width_px": None,
        "height_px": None,
        "look_hash": None,
        "refusal": None,
        "original_file": None,
        "large_file": None,
        "small_file": None,
        "received_at": city.clock.now(),
        "work": [],
    }
