"""A phone begins to send a photo in pieces; asked again it is told how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.ids import checked_client_id, new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.media.kinds import ALLOWED_KINDS
from city_core.media.model import PhotoState
from city_core.media.quotas import check_new_photo, check_open_uploads
from city_core.media.store import known_photo
from city_core.media.uploads import UPLOADS, drop_parts
from city_core.people.roles import Actor


@dataclass(frozen=True)
class UploadPlan:
    """What a phone announces: the photo's id, how many bytes, and their SHA-256 if it knows it."""

    media_id: str
    length_bytes: int
    sha256: str | None = None
    metadata: str = ""  # as the phone wrote it, given back to it on HEAD


async def begin_upload(city: City, actor: Actor, plan: UploadPlan) -> Row:
    """Open an upload, or give the one that is open: the same id and length lead to the same upload.

    Another length or hash, or somebody else's id, is PHOTO_ID_TAKEN. A photo that is here already answers as
    an upload with nothing left to send. One that was refused or has expired begins anew.
    """
    photo_id = checked_client_id(plan.media_id, "mediaId")
    check_size(city, plan.length_bytes)
    await check_new_photo(city, actor, photo_id)
    here = await _is_here(city, actor, photo_id, plan)
    row = _row(city, actor, photo_id, plan, done=here)
    try:
        await city.database[UPLOADS].insert_one(row)
    except DuplicateKeyError:
        known = await _known(city, actor, row)
        if known is not row:
            return known
    if not here:
        await check_open_uploads(city, row)
    return row


def check_size(city: City, length_bytes: int) -> None:
    """Refuse a photo that is empty or larger than the city takes."""
    most = city.settings.upload_limit_bytes
    if length_bytes <= 0:
        raise CityProblem("PHOTO_EMPTY", field="photo", allowed=ALLOWED_KINDS)
    if length_bytes > most:
        raise CityProblem("PHOTO_TOO_LARGE", field="photo", allowed=f"at most {most:,} bytes")


async def _is_here(city: City, actor: Actor, photo_id: str, plan: UploadPlan) -> bool:
    photo = await known_photo(city, actor.person_id, photo_id, plan.sha256)
    if photo is None or photo["state"] == PhotoState.REFUSED:
        return False
    if photo["size_bytes"] != plan.length_bytes:
        raise _taken()
    return True


async def _known(city: City, actor: Actor, fresh: Row) -> Row:
    known = await city.database[UPLOADS].find_one({"_id": fresh["_id"]})
    if known is None:
        raise CityProblem("BUSY")
    if known["owner_id"] != actor.person_id:
        raise _taken()
    # done, but its photo was refused later or forgotten since: its bytes are wanted again
    sent_anew = known["done"] and not fresh["done"]
    if sent_anew or known["refusal"] is not None or known["expires_at"] <= city.clock.now():
        return await _begin_anew(city, known, fresh)
    hashes = {known["sha256"], fresh["sha256"]} - {None}
    if known["length_bytes"] != fresh["length_bytes"] or len(hashes) > 1:
        raise _taken()
    return known


async def _begin_anew(city: City, known: Row, fresh: Row) -> Row:
    same = {"_id": known["_id"], "begun": known["begun"]}
    replaced = await city.database[UPLOADS].find_one_and_replace(same, fresh)
    if replaced is None:  # somebody else began it anew in this moment
        raise CityProblem("BUSY")
    await drop_parts(city, replaced)
    return fresh


def _row(city: City, actor: Actor, photo_id: str, plan: UploadPlan, *, done: bool) -> Row:
    now = city.clock.now()
    return {
        "_id": photo_id,
        "owner_id": actor.person_id,
        "begun": new_id(),
        "length_bytes": plan.length_bytes,
        "offset_bytes": plan.length_bytes if done else 0,
        "sha256": plan.sha256,
        "metadata": plan.metadata,
        "parts": [],
        "done": done,
        "refusal": None,
        "created_at": now,
        "expires_at": now + timedelta(days=city.settings.upload_days),
        "work": [],
    }


def _taken() -> CityProblem:
    return CityProblem("PHOTO_ID_TAKEN", field="mediaId", allowed="a fresh UUID for each photo")
