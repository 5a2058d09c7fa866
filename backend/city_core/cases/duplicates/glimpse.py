"""The glimpse of a similar case: its first photo, very small, blurred for those who may not see the case."""

from __future__ import annotations

import asyncio
from functools import partial

from city_core.cases.duplicates.handles import expired, open_handle
from city_core.cases.visibility import FIELDS_ASKED, may_see, may_see_photo
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.copies import copy_for
from city_core.media.model import PhotoState
from city_core.media.pictures import make_glimpse
from city_core.media.serve import Rendition, as_rendition, given_file
from city_core.people.roles import Actor, Role

_LONGEST_PX = 160
_PHOTO_FIELDS = {"owner_id": 1, "state": 1, "small_file": 1, "public_file": 1}


async def glimpse(city: City, actor: Actor, token: str) -> Rendition:
    """Show the first photo of a similar case to the holder of its handle, as long as the case is open.

    A stranger's is made of the copy without faces and plates; until that is there, there is none.
    """
    handle = open_handle(city, actor, token)
    if handle.has_expired:
        raise expired()
    fields = dict.fromkeys((*FIELDS_ASKED, "photos", "state"), 1)
    case = await city.database.cases.find_one({"_id": handle.case_id}, fields)
    first = None if case is None or case["state"] not in OPEN_STATES else _first_photo(case)
    if case is None or first is None:
        raise CityProblem("PHOTO_UNKNOWN")
    photo = await city.database.photos.find_one({"_id": first["media_id"]}, _PHOTO_FIELDS)
    if photo is None or photo["owner_id"] != first["added_by"] or photo["state"] != PhotoState.READY:
        raise CityProblem("PHOTO_UNKNOWN")
    is_theirs = may_see(actor, case) and may_see_photo(actor, first)
    field = copy_for(actor.role if is_theirs else Role.CITIZEN, "small")
    if photo.get(field) is None:
        raise CityProblem("PHOTO_NOT_READY", allowed="the same again in a moment")
    copy = await as_rendition(city, given_file(photo, field))
    make = partial(make_glimpse, copy.data, longest_px=_LONGEST_PX, blur_px=0)
    data = await asyncio.get_running_loop().run_in_executor(None, make)
    return Rendition(data, "image/jpeg", "")


def _first_photo(case: Row) -> Row | None:
    return next((photo for photo in case["photos"] if photo["use"] == "REPORT"), None)
