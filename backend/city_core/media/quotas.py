"""How many photos one person may send: far more than anybody takes, far fewer than fill a city's store."""

from __future__ import annotations

from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.photo_lines import check_photo_lines
from city_core.media.uploads import UPLOADS
from city_core.people.roles import Actor

_DAY = timedelta(days=1)


async def check_new_photo(city: City, actor: Actor, photo_id: str) -> None:
    """Refuse a photo more of who sent too many within 24 hours, or who has to wait; a known one may come."""
    known = {"_id": photo_id, "owner_id": actor.person_id}
    if await city.database.photos.find_one(known, {"_id": 1}) is not None:
        return
    most = city.settings.most_photos_a_day
    recent = {"owner_id": actor.person_id, "received_at": {"$gt": city.clock.now() - _DAY}}
    if await city.database.photos.count_documents(recent, limit=most) >= most:
        raise CityProblem("TOO_MANY_UPLOADS", field="mediaId", allowed=f"{most:,} photos within 24 hours")
    await check_photo_lines(city, actor)


async def check_open_uploads(city: City, row: Row) -> None:
    """Take an upload that was just begun back where its person has too many under way.

    Counted after it was written, so that many begun at the same moment are not each the last one allowed.
    """
    most = city.settings.most_open_uploads
    still_open = {
        "owner_id": row["owner_id"], "done": False, "refusal": None, "expires_at": {"$gt": city.clock.now()},
    }  # fmt: skip
    if await city.database[UPLOADS].count_documents(still_open, limit=most + 1) <= most:
        return
    await city.database[UPLOADS].delete_one({"_id": row["_id"], "begun": row["begun"]})
    raise CityProblem("TOO_MANY_UPLOADS", field="mediaId", allowed=f"{most:,} uploads that are under way")
