"""Photos of a case: taken into it by a step, and shown to those who may see the case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from city_core.cases.visibility import FIELDS_ASKED, may_see, may_see_frame, may_see_photo
from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.model import PhotoState
from city_core.media.serve import Rendition, read_rendition
from city_core.people.roles import Actor

MOST_PHOTOS_A_STEP = 9
MOST_PHOTOS_A_CASE = 60
_ASKED_OF_A_PHOTO = {"owner_id": 1, "state": 1, "sha256": 1, "origin": 1, "street_code": 1}


async def checked_photos(city: City, actor: Actor, media_ids: Sequence[str], *, least: int = 0) -> list[str]:
    """Accept the photo ids of a step: own ones, or ones whose bytes are still on their way."""
    ids = [checked_client_id(media_id, "mediaIds") for media_id in dict.fromkeys(media_ids)]
    if len(ids) > MOST_PHOTOS_A_STEP:
        raise CityProblem("PHOTO_TOO_MANY", field="mediaIds", allowed=f"{MOST_PHOTOS_A_STEP} photos a step")
    if len(ids) < least:
        raise CityProblem("PHOTO_REQUIRED", field="mediaIds", allowed=f"at least {least}")
    foreign = {"_id": {"$in": ids}, "owner_id": {"$ne": actor.person_id}}
    if ids and await city.database.photos.find_one(foreign, {"_id": 1}) is not None:
        raise CityProblem("PHOTO_UNKNOWN", field="mediaIds", allowed="photos that you uploaded yourself")
    return ids


def photo_rows(media_ids: Sequence[str], use: str, actor: Actor, now: datetime, case: Row) -> list[Row]:
    """See photo ids as part of a case; a photo that it already has is not taken in twice."""
    has = {photo["media_id"] for photo in case["photos"]}
    fresh = [media_id for media_id in media_ids if media_id not in has]
    if len(has) + len(fresh) > MOST_PHOTOS_A_CASE:
        raise CityProblem("PHOTO_TOO_MANY", field="mediaIds", allowed=f"{MOST_PHOTOS_A_CASE} photos a case")
    return [
        {"media_id": media_id, "use": use, "added_by": actor.person_id, "added_at": now} for media_id in fresh
    ]


async def open_photo(city: City, actor: Actor, media_id: str, size: str) -> Rendition:
    """Show a photo to whoever took it or may see a case that it belongs to; to others it does not exist."""
    photo_id = checked_client_id(media_id, "mediaId")
    photo = await city.database.photos.find_one({"_id": photo_id}, _ASKED_OF_A_PHOTO)
    if photo is None or not (
        photo["owner_id"] == actor.person_id
        or may_see_frame(actor, photo)
        or await _sees_it(city, actor, photo)
    ):
        raise CityProblem("PHOTO_UNKNOWN")
    if photo["state"] != PhotoState.READY:
        raise CityProblem("PHOTO_UNKNOWN", allowed="a photo that was looked at; try again shortly")
    return await read_rendition(city, photo, size)


async def photos_in_cases(city: City, media_ids: Collection[str]) -> set[str]:
    """Tell which of some photos a case holds."""
    wanted = set(media_ids)
    query = {"photos.media_id": {"$in": sorted(wanted)}}
    cases = city.database.cases.find(query, {"photos.media_id": 1})
    return {photo["media_id"] async for case in cases for photo in case["photos"]} & wanted


async def _sees_it(city: City, actor: Actor, photo: Row) -> bool:
    taken_in = {"$elemMatch": {"media_id": photo["_id"], "added_by": photo["owner_id"]}}
    query = {"photos.media_id": photo["_id"], "photos": taken_in}
    fields = {**dict.fromkeys(FIELDS_ASKED, 1), "photos": taken_in}
    async for case in city.database.cases.find(query, fields):
        if may_see(actor, case) and may_see_photo(actor, case["photos"][0]):
            return True
    return False
