"""Reads of work: what waits for too long, what failed, and what was given up (dead letters)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import MOST_ATTEMPTS

# Every collection whose documents hold work; a test compares it with the stored shapes and with the sweep.
COLLECTIONS_OF_WORK = (
    "cases", "photos", "inbox_messages", "emergencies", "campaigns", "uploads", "command_log", "eye_events",
    "place_imports", "data_requests",
)  # fmt: skip
LATE_AFTER = timedelta(minutes=5)
_SEPARATOR = "/"


class Standing(StrEnum):
    """How a work item stands."""

    GIVEN_UP = "given-up"  # tried as often as it may be: nobody looks at it again by itself
    FAILING = "failing"  # tried in vain at least once, and to be tried again
    LATE = "late"  # due for minutes, and nobody took it
    WAITING = "waiting"


@dataclass(frozen=True)
class StuckWork:
    """One work item as the operator sees it; `name` is what the other commands take."""

    name: str
    kind: str
    collection: str
    owner_id: str
    key: str
    standing: Standing
    attempts: int
    due_at: datetime | None

    def told(self) -> Row:
        return asdict(self)


def name_of(collection: str, owner_id: Any, key: str) -> str:
    """Name a work item: collection, document, key."""
    return _SEPARATOR.join((collection, str(owner_id), key))


def parts_of(name: str) -> tuple[str, str, str] | None:
    """Read such a name; None where it is none. A key may have slashes in it."""
    parts = name.split(_SEPARATOR, 2)
    if len(parts) < 3 or parts[0] not in COLLECTIONS_OF_WORK or not parts[1] or not parts[2]:
        return None
    return parts[0], parts[1], parts[2]


def standing_of(item: Row, now: datetime) -> Standing:
    """Tell how an item stands at an instant; one that is being done is late only when its lease is over."""
    if item["given_up"]:
        return Standing.GIVEN_UP
    if item["due_at"] is not None and item["due_at"] <= now - LATE_AFTER:
        return Standing.LATE
    if item["attempts"] > (1 if item["token"] else 0):
        return Standing.FAILING
    return Standing.WAITING


async def stuck_work(
    city: City, standings: Collection[Standing], kinds: Collection[str] = (), *, most: int = 100
) -> AsyncIterator[StuckWork]:
    """Find work that stands like that, collection by collection, at most so many items in all.

    Reads the index of work by kind and time: given up items have no time, so they lie together.
    """
    left = most
    for collection in COLLECTIONS_OF_WORK:
        async for item in _in_collection(city, collection, standings, kinds):
            if left <= 0:
                return
            left -= 1
            yield item


async def _in_collection(
    city: City, collection: str, standings: Collection[Standing], kinds: Collection[str]
) -> AsyncIterator[StuckWork]:
    now = city.clock.now()
    documents = city.database[collection]
    known = await documents.distinct("work.kind")
    wanted = [kind for kind in known if not kinds or kind in kinds]
    if not wanted:
        return
    any_of = [{"kind": {"$in": wanted}, **more} for more in _conditions(standings, now)]
    query = {"$or": [{"work": {"$elemMatch": one}} for one in any_of]}
    async for row in documents.find(query, {"work": 1}):
        for item in row["work"]:
            standing = standing_of(item, now)
            if standing in standings and item["kind"] in wanted:
                yield _told(collection, row["_id"], item, standing)


def _conditions(standings: Collection[Standing], now: datetime) -> list[Row]:
    found: list[Row] = []
    if Standing.GIVEN_UP in standings:
        found.append({"due_at": None, "given_up": True})
    if Standing.LATE in standings:
        found.append({"due_at": {"$lte": now - LATE_AFTER}})
    if Standing.FAILING in standings:
        found.append({"due_at": {"$gt": now - LATE_AFTER}, "attempts": {"$gt": 0}})
    if Standing.WAITING in standings:
        found.append({"due_at": {"$gt": now - LATE_AFTER}})
    return found


def _told(collection: str, owner_id: Any, item: Row, standing: Standing) -> StuckWork:
    return StuckWork(
        name_of(collection, owner_id, item["key"]), item["kind"], collection, str(owner_id), item["key"],
        standing, min(item["attempts"], MOST_ATTEMPTS), item["due_at"],
    )  # fmt: skip


async def find_work(city: City, name: str) -> tuple[StuckWork, Row] | None:
    """Find one work item by its name, with its stored row; None when it is done or never was."""
    parts = parts_of(name)
    if parts is None:
        return None
    collection, owner_id, key = parts
    row = await city.database[collection].find_one({"_id": owner_id, "work.key": key}, {"work": 1})
    if row is None:
        return None
    item = next(item for item in row["work"] if item["key"] == key)
    return _told(collection, owner_id, item, standing_of(item, city.clock.now())), item


async def count_stuck(city: City, standing: Standing) -> dict[str, int]:
    """Count by kind what stands like that, up to ten thousand items."""
    counts: dict[str, int] = {}
    async for item in stuck_work(city, {standing}, most=10_000):
        counts[item.kind] = counts.get(item.kind, 0) + 1
    return counts
