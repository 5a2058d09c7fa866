"""How many photos wait for detection: who hands in frames in bulk asks before, and comes later."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.detection.look import LOOKS
from city_core.kit.city import City
from city_core.media.store import COLLECTION as PHOTOS


@dataclass(frozen=True)
class Pressure:
    """Photos that wait, at most one more than the limit; how long the oldest has been due; full or not."""

    waiting: int
    oldest_seconds: float
    is_full: bool


async def pressure(city: City) -> Pressure:
    """Tell how much detection has before it; reads no more of an index than the limit, so ask freely."""
    limit = city.settings.detection_queue_limit
    wanted = {"work.kind": {"$in": list(LOOKS)}}
    waiting = await city.database[PHOTOS].count_documents(wanted, limit=limit + 1)
    due = {"work": {"$elemMatch": {"kind": {"$in": list(LOOKS)}, "due_at": {"$ne": None}}}}
    oldest = await city.database[PHOTOS].find_one(due, {"work": 1}, sort=[("work.due_at", 1)])
    now = city.clock.now()
    instants = [item["due_at"] for item in (oldest or {}).get("work", ()) if item["kind"] in LOOKS]
    oldest_seconds = max(0.0, (now - min(instants)).total_seconds()) if instants else 0.0
    return Pressure(waiting, oldest_seconds, waiting > limit)
