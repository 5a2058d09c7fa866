"""Work: what must still be done, written into the very document that it is about.

A work item lives in the `work` array of its document (a case, a photo, an inbox message), so that it is
recorded by the same atomic write as the state that asks for it. Redis only wakes somebody to do it; a sweep
finds what nobody was woken for. A claim counts an attempt, pushes `due_at` forward by the lease and sets a
fencing token: whoever finishes must still hold that token.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from city_core.kit.city import City
from city_core.kit.doing import track_of
from city_core.kit.mongo import Collection as Documents
from city_core.kit.mongo import Row
from city_core.kit.waking import Wake

MOST_ATTEMPTS = 5
BEGUN_ANEW_AFTER_SECONDS = 300.0
SOON = timedelta(minutes=2)  # work due later than this is not woken for: nobody holds a wake-up for hours


@dataclass(frozen=True)
class WorkItem:
    """Something to be done: `kind` names the job, `key` makes it one of its kind in its document."""

    kind: str
    key: str
    due_at: datetime
    input: Mapping[str, Any] = field(default_factory=dict)

    def row(self) -> Row:
        planned_at = self.due_at  # `due_at` moves with every try
        return {
            "kind": self.kind, "key": self.key, "due_at": self.due_at, "input": dict(self.input),
            "attempts": 0, "token": None, "given_up": False,
            "planned_at": planned_at, "track": track_of(planned_at),
        }  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """The right to do one work item until the lease ends; `token` fences off those who came too late."""

    collection: str
    owner_id: str
    kind: str
    key: str
    token: str
    attempts: int
    input: Mapping[str, Any]
    track: Mapping[str, str] = field(default_factory=dict)  # the request that it comes from, see kit/doing.py

    @property
    def filter(self) -> Row:
        return {"work": {"$elemMatch": {"key": self.key, "token": self.token}}}


class Later(Exception):
    """Raised by a job that cannot be done yet: it is tried again after this many seconds.

    `counts` says whether the try was one of the few that a job has; being asked to wait is none.
    """

    def __init__(self, seconds: float, reason: str, *, counts: bool = True) -> None:
        self.seconds = seconds
        self.counts = counts
        super().__init__(reason)


Job = Callable[[City, Claim], Awaitable[bool]]


@dataclass(frozen=True)
class Handler:
    """How a kind of work is done, and what happens when it was given up after the last attempt.

    A job answers True when its own write took the item off the list, False when it is still to be taken off.
    What a job `for_many` leads to is woken for while it lasts, for other hands to do: it may be thousands.
    """

    do: Job
    give_up: Job | None = None
    for_many: bool = False


def work_stage(new: Iterable[WorkItem], finished: Claim | None, dropped: Collection[str] = ()) -> Row:
    """Write the update stage that takes a finished item and pointless kinds out, and puts new items in."""
    kept: Any = {"$ifNull": ["$work", []]}
    if finished is not None:
        kept = {"$filter": {"input": kept, "cond": {"$ne": ["$$this.token", finished.token]}}}
    if dropped:
        pointless = {"$in": ["$$this.kind", {"$literal": sorted(dropped)}]}
        kept = {"$filter": {"input": kept, "cond": {"$not": [pointless]}}}
    return {"$set": {"work": {"$concatArrays": [kept, [{"$literal": item.row()} for item in new]]}}}


async def claim(city: City, wake: Wake) -> Claim | None:
    """Take one due work item for the length of a lease; None when it is done, taken or not yet due."""
    now = city.clock.now()
    token = secrets.token_hex(8)
    found = await _collection(city, wake.collection).find_one_and_update(
        {
            "_id": wake.owner_id,
            "work": {"$elemMatch": {"key": wake.key, "due_at": {"$lte": now}, "given_up": False}},
        },
        {
            "$inc": {"work.$.attempts": 1},
            "$set": {
                "work.$.due_at": now + timedelta(seconds=city.settings.work_lease_seconds),
                "work.$.token": token,
            },
        },
        projection={"work": 1},
        return_document=True,
    )
    if found is None:
        return None
    item = next(item for item in found["work"] if item["token"] == token)
    return Claim(
        wake.collection, wake.owner_id, item["kind"], wake.key, token, item["attempts"], item["input"],
        item.get("track") or {},
    )  # fmt: skip


async def finish(city: City, done: Claim) -> bool:
    """Take a done item off the list; False when the lease was lost to somebody else."""
    result = await _collection(city, done.collection).update_one(
        {"_id": done.owner_id, **done.filter}, {"$pull": {"work": {"key": done.key, "token": done.token}}}
    )
    return bool(result.modified_count)


async def put_off(city: City, held: Claim, seconds: float, *, counts: bool = True) -> None:
    """Give a claimed item back, to be tried again after a pause (seconds)."""
    due_at = city.clock.now() + timedelta(seconds=seconds)
    tries = held.attempts if counts else held.attempts - 1
    await _collection(city, held.collection).update_one(
        {"_id": held.owner_id, **held.filter},
        {"$set": {"work.$.due_at": due_at, "work.$.token": None, "work.$.attempts": tries}},
    )


async def set_aside(city: City, held: Claim) -> None:
    """Leave an item that was tried in vain to the operators: nobody tries it again by themselves."""
    await _collection(city, held.collection).update_one(
        {"_id": held.owner_id, **held.filter},
        {"$set": {"work.$.given_up": True, "work.$.due_at": None}},
    )


async def begin_anew(city: City, held: Claim) -> bool:
    """Give an item all of its tries back, after a long pause: for what may never be given up."""
    await put_off(city, replace(held, attempts=0), BEGUN_ANEW_AFTER_SECONDS)
    return True


async def overdue(city: City, collection: str, kinds: Iterable[str], limit: int) -> list[Wake]:
    """Find work that nobody was woken for: due for longer than a sweep, oldest first."""
    now = city.clock.now()
    before = now - timedelta(seconds=city.settings.work_sweep_seconds / 2)
    wanted = set(kinds)
    due = {"kind": {"$in": sorted(wanted)}, "due_at": {"$lte": before}}
    cursor = _collection(city, collection).find({"work": {"$elemMatch": due}}, {"work": 1})
    return [
        Wake(item["kind"], collection, row["_id"], item["key"], item["due_at"])
        async for row in cursor.sort("work.due_at", 1).limit(limit)
        for item in row["work"]
        if item["due_at"] is not None and item["due_at"] <= before and item["kind"] in wanted
    ]


def wakes_for(collection: str, owner_id: str, items: Iterable[WorkItem]) -> list[Wake]:
    """Name the wake-ups that these new items ask for."""
    return [Wake(item.kind, collection, owner_id, item.key, item.due_at) for item in items]


def _collection(city: City, name: str) -> Documents:
    return city.database[name]
