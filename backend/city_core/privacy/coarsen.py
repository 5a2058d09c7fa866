"""After a month photos tell their place to the kilometre; of unknown reporters the hour alone is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from city_core.cases.clocks.stored import clock_fields_after, clock_rules_of, versions_of
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.mongo import Row

TRACK_DAYS = 30
_BATCH = 200
_MOST_BATCHES = 40
_KILOMETRE = 2  # decimals of a degree: 1.1 km from north to south, 0.9 km from east to west at 36° N
_ENDED = {"to_blur": {"$gt": ""}, "state": {"$nin": sorted(OPEN_STATES)}}


def fine_captures(now: datetime) -> Row:
    """Ask for photos whose exact place is known for longer than a track may be."""
    return {"capture.lng": {"$type": "double"}, "received_at": {"$lte": now - timedelta(days=TRACK_DAYS)}}


async def count_captures(city: City) -> int:
    """Count the photos whose place is to be kept to the kilometre only."""
    return int(await city.database.photos.count_documents(fine_captures(city.clock.now())))


async def coarsen_captures(city: City) -> int:
    """Keep where photos were taken to about a kilometre, 30 days after they came; answers how many.

    They are the track of whoever took them. What was made of the exact place, how far a photo was from its
    case, stays with the case.
    """
    changed = 0
    near = {"$round": ["$capture.lng", _KILOMETRE]}, {"$round": ["$capture.lat", _KILOMETRE]}
    coarse: list[Row] = [
        {"$set": {"capture.near": {"lng": near[0], "lat": near[1]}}},
        {"$set": {"capture.lng": None, "capture.lat": None}},
    ]
    for _ in range(_MOST_BATCHES):
        due = fine_captures(city.clock.now())
        found = await city.database.photos.find(due, {"_id": 1}).sort("received_at", 1).to_list(_BATCH)
        these = {"_id": {"$in": [row["_id"] for row in found]}, **due}
        changed += int((await city.database.photos.update_many(these, coarse)).modified_count)
        if len(found) < _BATCH:
            break
    return changed


async def count_unknown(city: City) -> int:
    """Count the ended cases in which exact times of unknown reporters stand."""
    return int(await city.database.cases.count_documents(_ENDED))


async def blur_unknown(city: City) -> int:
    """Keep the times of unknown reporters to the hour in cases that ended; answers how many cases.

    While a case is open its deadlines need the exact time. Each case is written only as it was read.
    """
    blurred = 0
    async for case in city.database.cases.find(_ENDED).limit(_BATCH * _MOST_BATCHES):
        values = await _blurred(city, case)
        same = {"_id": case["_id"], **{name: case.get(name) for name in values}, "version": case["version"]}
        blurred += int((await city.database.cases.update_one(same, {"$set": values})).modified_count)
    return blurred


async def _blurred(city: City, case: Row) -> Row:
    whose = set(case["to_blur"])
    history: list[Row] = []
    for row in case["history"]:
        at = to_the_hour(row["at"]) if row["person_id"] in whose else row["at"]
        history.append({**row, "at": max([at, *(earlier["at"] for earlier in history[-1:])])})
    photos = [
        {**one, "added_at": to_the_hour(one["added_at"])} if one["added_by"] in whose else one
        for one in case["photos"]
    ]
    joined = [
        {**one, "at": to_the_hour(one["at"])} if one["reporter_id"] in whose else one
        for one in case.get("joined_reports") or ()
    ]
    reported = to_the_hour(case["reported_at"]) if case["reporter_id"] in whose else case["reported_at"]
    clocks = clock_fields_after(history, await clock_rules_of(city, versions_of(history)))
    return {
        "history": history, "photos": photos, "joined_reports": joined, "reported_at": reported,
        "to_blur": [], **clocks, **_rating(case, whose),
    }  # fmt: skip


def _rating(case: Row, whose: set[str]) -> Row:
    rating = case.get("rating")
    if rating is None or case["reporter_id"] not in whose:
        return {}
    return {"rating": {**rating, "at": to_the_hour(rating["at"])}}


def to_the_hour(at: datetime) -> datetime:
    """Take minutes and seconds off an instant."""
    return at.replace(minute=0, second=0, microsecond=0)
