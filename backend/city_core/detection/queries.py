"""Reads about what models saw."""

from __future__ import annotations

from collections.abc import Mapping

from city_core.detection.look import FINDS, LOOKS, finds_id
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import WorkItem, wakes_for
from city_core.media.model import PhotoState
from city_core.media.store import COLLECTION as PHOTOS


async def finds_of_photos(city: City, owners: Mapping[str, str]) -> dict[str, Row]:
    """Give the finds that hold for some photos (id to owner), by photo id.

    Photos that are not ready, belong to somebody else or were not looked at yet are left out.
    """
    fields = {"owner_id": 1, "sha256": 1, "looked_by": 1}
    query = {"_id": {"$in": sorted(owners)}, "state": PhotoState.READY}
    photos = await city.database[PHOTOS].find(query, fields).to_list(None)
    wanted = {
        photo["_id"]: finds_id(photo["sha256"], photo["looked_by"])
        for photo in photos
        if photo["owner_id"] == owners[photo["_id"]] and photo.get("looked_by") is not None
    }
    found = city.database[FINDS].find({"_id": {"$in": sorted(set(wanted.values()))}})
    finds = {row["_id"]: row async for row in found}
    return {photo_id: finds[name] for photo_id, name in wanted.items() if name in finds}


async def ask_to_look(city: City, photo_ids: list[str]) -> None:
    """Have photos looked at that are ready and that nobody was asked to look at, as those of earlier days."""
    item = WorkItem("look", "look", city.clock.now())
    for photo_id in photo_ids:
        asked = await city.database[PHOTOS].update_one(
            {
                "_id": photo_id,
                "state": PhotoState.READY,
                "looked_by": None,
                "small_file": {"$ne": None},
                "work.kind": {"$nin": list(LOOKS)},
            },
            {"$push": {"work": item.row()}},
        )
        if asked.modified_count:
            for wake in wakes_for(PHOTOS, photo_id, [item]):
                city.waker.wake(wake)
