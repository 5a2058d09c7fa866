"""Photos of a case: taken into it by a step, and shown to those who may see the case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from city_core.cases.components.past_cases import past_cases
from city_core.cases.components.visibility import FIELDS_ASKED as FIELDS_OF_COMPONENT
from city_core.cases.components.visibility import sees_component
from city_core.cases.evidence.given import ROLE_OF_USE, GivenPhotos, PhotoRow, read_given
from city_core.cases.visibility import FIELDS_ASKED, may_see, may_see_frame, may_see_photo
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.copies import copy_for
from city_core.media.model import PhotoState
from city_core.media.serve import GivenFile, Rendition, as_rendition, given_file
from city_core.people.gone import is_gone
from city_core.people.roles import Actor
from city_core.places.components.queries import components_in_photo

MOST_PHOTOS_A_STEP = 9
MOST_PHOTOS_A_CASE = 60
MOST_CASES_A_PHOTO = 200


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


async def given_photos(
    city: City,
    actor: Actor,
    media_ids: Sequence[str],
    photos: Sequence[PhotoRow] | None,
    *,
    least: int = 0,
) -> GivenPhotos:
    """Accept the photos of a step, named by their ids alone or with what is said of them."""
    given = read_given(media_ids, photos)
    return GivenPhotos(await checked_photos(city, actor, given.ids, least=least), given.said)


def photo_rows(given: GivenPhotos, use: str, actor: Actor, now: datetime, case: Row) -> list[Row]:
    """See photos as part of a case; one that it already has is not taken in twice."""
    has = {photo["media_id"] for photo in case["photos"]}
    fresh = [media_id for media_id in given.ids if media_id not in has]
    if len(has) + len(fresh) > MOST_PHOTOS_A_CASE:
        raise CityProblem("PHOTO_TOO_MANY", field="mediaIds", allowed=f"{MOST_PHOTOS_A_CASE} photos a case")
    part = {"use": use, "added_by": actor.person_id, "added_at": now}
    usual = {"role": ROLE_OF_USE.get(use), "taken_with": None}
    return [{"media_id": media_id, **part, **_said(given, media_id, usual)} for media_id in fresh]


def _said(given: GivenPhotos, media_id: str, usual: Row) -> Row:
    said = given.said.get(media_id, {})
    return {name: said.get(name) or value for name, value in usual.items()}


async def find_photo(city: City, actor: Actor, media_id: str, size: str) -> GivenFile:
    """Find the copy of a photo for whoever took it or may see a case that it belongs to.

    To others it does not exist. Which copy that is the post decides; one that is still being made is
    PHOTO_NOT_READY, and no other is given in its place.
    """
    photo_id, field = checked_client_id(media_id, "mediaId"), copy_for(actor.role, size)
    fields = {"owner_id": 1, "state": 1, "origin": 1, "street_code": 1, "public_file": 1, field: 1}
    photo = await city.database.photos.find_one({"_id": photo_id}, fields)
    if photo is None or not (
        photo["owner_id"] == actor.person_id
        or may_see_frame(actor, photo)
        or await _sees_it(city, actor, photo)
    ):
        raise CityProblem("PHOTO_UNKNOWN")
    if photo["state"] == PhotoState.REFUSED:
        raise CityProblem("PHOTO_UNKNOWN")
    if is_gone(photo["owner_id"]):
        field = "public_file"  # the only copy that is left of a photo whose reporter is gone
    if photo.get(field) is None or photo["state"] != PhotoState.READY:
        raise CityProblem("PHOTO_NOT_READY", allowed="the same again in a moment")
    return given_file(photo, field)


async def open_photo(city: City, actor: Actor, media_id: str, size: str) -> Rendition:
    """Show the copy of a photo that `find_photo` finds."""
    return await as_rendition(city, await find_photo(city, actor, media_id, size))


async def cases_with_photo(city: City, photo: Row, *fields: str) -> list[Row]:
    """List the cases that a photo was taken into by whoever took it, with what visibility asks for.

    Each has this photo's own row as its only one in `photos`.
    """
    taken_in = {"$elemMatch": {"media_id": photo["_id"], "added_by": photo["owner_id"]}}
    query = {"photos.media_id": photo["_id"], "photos": taken_in}
    shown = {**dict.fromkeys((*FIELDS_ASKED, *fields), 1), "photos": taken_in}
    found: list[Row] = await city.database.cases.find(query, shown).to_list(MOST_CASES_A_PHOTO)
    return found


async def photos_in_cases(city: City, media_ids: Collection[str]) -> set[str]:
    """Tell which of some photos a case holds."""
    wanted = set(media_ids)
    query = {"photos.media_id": {"$in": sorted(wanted)}}
    cases = city.database.cases.find(query, {"photos.media_id": 1})
    return {photo["media_id"] async for case in cases for photo in case["photos"]} & wanted


async def needed_until(city: City, media_ids: Collection[str]) -> dict[str, datetime | None]:
    """Tell when the last case that holds a photo ended; nothing where one is open. Others are left out."""
    wanted = set(media_ids)
    ends: dict[str, list[datetime | None]] = {}
    fields = {"photos.media_id": 1, "state": 1, "closed_at": 1, "updated_at": 1}
    async for case in city.database.cases.find({"photos.media_id": {"$in": sorted(wanted)}}, fields):
        end = None if case["state"] in OPEN_STATES else case.get("closed_at") or case["updated_at"]
        for media_id in {photo["media_id"] for photo in case["photos"]} & wanted:
            ends.setdefault(media_id, []).append(end)
    return {media_id: _last(found) for media_id, found in ends.items()}


def _last(ends: Sequence[datetime | None]) -> datetime | None:
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


async def _sees_it(city: City, actor: Actor, photo: Row) -> bool:
    cases = await cases_with_photo(city, photo)
    if any(may_see(actor, case) and may_see_photo(actor, case["photos"][0]) for case in cases):
        return True
    return actor.is_staff and await _sees_what_it_shows(city, actor, photo)


async def _sees_what_it_shows(city: City, actor: Actor, photo: Row) -> bool:
    """A photo on record of a component is for whoever reads that component in full."""
    found = await components_in_photo(city, photo["_id"], photo["owner_id"], FIELDS_OF_COMPONENT)
    past = await past_cases(city, actor, [row["_id"] for row in found])
    seen = {code: cases.count for code, cases in past.items()}
    return any(sees_component(actor, row, cases_seen=seen.get(row["_id"], 0)) for row in found)
