"""Reads of the city eye: events to decide on, flights as batches with their frames and finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from city_core.eye.model import EVENTS, FLIGHTS, FRAMES, SOURCES, EventState, FrameState
from city_core.eye.visible import check_watches, in_own_streets
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, instant_of, keys_of, page_of
from city_core.people.roles import Actor

_MOST_EVENTS_SHOWN = 100
_COUNT_LIMIT_MS = 3_000
_LEFT_OUT = {"work": 0}


@dataclass(frozen=True)
class Batch:
    """One flight as it stands: how many of its frames wait, were seen or refused, and what they show."""

    flight: Row
    counts: Mapping[str, int]
    finds: Mapping[str, int]
    events: Sequence[Row] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


async def page_of_events(
    city: City, actor: Actor, *, state: EventState | None, first: int, after: str | None = None
) -> Page:
    """List the events of somebody's streets, the newest first; glimpses only where they are asked for."""
    check_watches(actor)
    size = checked_size(first)
    wanted = {"$ne": EventState.GLIMPSED.value} if state is None else state.value
    query: Row = {**in_own_streets(actor), "state": wanted}
    if after is not None:
        query["_id"] = {"$lt": keys_of(after, 1)[0] or ""}
    rows = city.database[EVENTS].find(query, _LEFT_OUT).sort("_id", -1).limit(size + 1)
    return page_of(await _named(city, await rows.to_list(size + 1)), size, "_id")


async def find_event(city: City, actor: Actor, event_id: str) -> Row | None:
    """Find an event of somebody's streets; any other looks as if it was not there."""
    check_watches(actor)
    query = {"_id": event_id, **in_own_streets(actor)}
    row = await city.database[EVENTS].find_one(query, _LEFT_OUT)
    return None if row is None else await named(city, row)


async def page_of_flights(city: City, actor: Actor, *, first: int, after: str | None = None) -> Page:
    """List the flights over somebody's streets, the newest first."""
    check_watches(actor)
    size = checked_size(first)
    query: Row = _over_own_streets(actor)
    if after is not None:
        begun_at, flight_id = keys_of(after, 2)
        at = instant_of(begun_at)
        query["$or"] = [{"begun_at": {"$lt": at}}, {"begun_at": at, "_id": {"$lt": flight_id or ""}}]
    rows = city.database[FLIGHTS].find(query).sort([("begun_at", -1), ("_id", -1)]).limit(size + 1)
    return page_of(await _named(city, await rows.to_list(size + 1)), size, "begun_at", "_id")


async def find_flight(city: City, actor: Actor, flight_id: str) -> Row | None:
    """Find a flight over somebody's streets, by the id of the list."""
    check_watches(actor)
    row = await city.database[FLIGHTS].find_one({"_id": flight_id, **_over_own_streets(actor)})
    return None if row is None else await named(city, row)


async def batch_of(city: City, actor: Actor, flight: Row) -> Batch:
    """Count a flight's frames and finds, and list its events, as far as they lie in somebody's streets."""
    query = {"source_id": flight["source_id"], "flight_id": flight["flight_id"], **in_own_streets(actor)}
    stages = [
        {"$match": query},
        {"$group": {"_id": {"state": "$state", "labels": "$finds.label"}, "frames": {"$sum": 1}}},
    ]
    counts: Counter[str] = Counter({state.value: 0 for state in FrameState})
    finds: Counter[str] = Counter()
    async for row in city.database[FRAMES].aggregate(stages, maxTimeMS=_COUNT_LIMIT_MS):
        counts[row["_id"]["state"]] += row["frames"]
        for label in row["_id"].get("labels") or ():
            finds[label] += row["frames"]
    return Batch(flight, counts, finds, await _events_of(city, actor, query))


async def _events_of(city: City, actor: Actor, frames: Row) -> list[Row]:
    """List what some frames show, be it that an earlier flight saw it first."""
    ids = await city.database[FRAMES].distinct("event_ids", frames)
    query = {"_id": {"$in": ids[:_MOST_EVENTS_SHOWN]}, **in_own_streets(actor)}
    events = city.database[EVENTS].find(query, _LEFT_OUT).sort("_id", 1)
    return await _named(city, await events.to_list(_MOST_EVENTS_SHOWN))


async def frames_of(city: City, actor: Actor, flight: Row, *, first: int, after: str | None) -> Page:
    """List the kept frames of a flight in the order in which they were taken."""
    size = checked_size(first)
    query: Row = {
        "source_id": flight["source_id"], "flight_id": flight["flight_id"], **in_own_streets(actor),
    }  # fmt: skip
    if after is not None:
        taken_at, frame_id = keys_of(after, 2)
        at = instant_of(taken_at)
        query["$or"] = [{"taken_at": {"$gt": at}}, {"taken_at": at, "_id": {"$gt": frame_id or ""}}]
    rows = city.database[FRAMES].find(query).sort([("taken_at", 1), ("_id", 1)]).limit(size + 1)
    return page_of(await rows.to_list(size + 1), size, "taken_at", "_id")


async def named(city: City, row: Row) -> Row:
    """Give an event or a flight the name of its source."""
    return (await _named(city, [row]))[0]


async def _named(city: City, rows: Sequence[Row]) -> list[Row]:
    """Give rows the names of their sources."""
    ids = sorted({row["source_id"] for row in rows})
    found = city.database[SOURCES].find({"_id": {"$in": ids}}, {"name": 1, "kind": 1}) if ids else None
    sources = {source["_id"]: source async for source in found} if found is not None else {}
    named_rows = []
    for row in rows:
        source = sources[row["source_id"]]
        named_rows.append({**row, "source_name": source["name"], "source_kind": source["kind"]})
    return named_rows


def _over_own_streets(actor: Actor) -> Row:
    return {"street_codes": {"$in": sorted(actor.street_codes)}}
