"""What nobody needs any more of the city eye: frames whose time is over, candidates that nobody decided."""

from __future__ import annotations

from collections.abc import Collection

from city_core.eye.model import EVENTS, FRAMES, EventState
from city_core.eye.record import EventChange, step_row, write_change
from city_core.kit.city import City
from city_core.people.roles import SYSTEM

_BATCH = 500
_MOST_BATCHES = 40
_MAY_BECOME_CASES = [EventState.CANDIDATE.value, EventState.CONFIRMED.value]


async def forget_frames(city: City) -> int:
    """Forget frames whose time is over; their photos go with the next sweep, unless a case holds them."""
    forgotten = 0
    for _ in range(_MOST_BATCHES):
        due = {"expires_at": {"$lte": city.clock.now()}}
        rows = await city.database[FRAMES].find(due, {"photo_id": 1}).sort("expires_at", 1).to_list(_BATCH)
        photos = {"_id": {"$in": [row["photo_id"] for row in rows]}}
        now = {"look_for_case_at": city.clock.now()}
        await city.database.photos.update_many(photos, {"$set": now})
        gone = await city.database[FRAMES].delete_many({"_id": {"$in": [row["_id"] for row in rows]}, **due})
        forgotten += int(gone.deleted_count)
        if len(rows) < _BATCH:
            break
    return forgotten


async def photos_in_frames(city: City, media_ids: Collection[str]) -> set[str]:
    """Tell which of some photos are frames that are still kept, or show an event that may become a case."""
    wanted = sorted(media_ids)
    rows = city.database[FRAMES].find({"photo_id": {"$in": wanted}}, {"photo_id": 1})
    kept = {row["photo_id"] async for row in rows}
    undecided = {"photo_ids": {"$in": wanted}, "state": {"$in": _MAY_BECOME_CASES}, "case_id": None}
    events = city.database[EVENTS].find(undecided, {"photo_ids": 1})
    return kept | ({photo_id async for event in events for photo_id in event["photo_ids"]} & set(wanted))


async def expire_events(city: City) -> int:
    """Let candidates go that nobody decided on in time; what is still seen is raised anew."""
    expired = 0
    due = {"decide_until": {"$lte": city.clock.now()}}
    async for event in city.database[EVENTS].find(due).sort("decide_until", 1).limit(_BATCH):
        changes = {"state": EventState.EXPIRED.value, "decide_until": None}
        change = EventChange(changes, step_row(city, SYSTEM, "EXPIRE"))
        expired += await write_change(city, event, change) is not None
    return expired
