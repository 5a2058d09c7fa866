"""Figures of the whole city for whoever watches it: work, late cases, whether delta sync is fed.

Everything is counted in an index and up to a limit: a figure at its limit means "that many or more".
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.metrics import Figure
from city_core.kit.mongo import Row
from city_core.sync.feed_state import is_fed

MOST_COUNTED = 10_000
MOST_STREETS = 200
# Work that is being done or was put off is due a little later than now, and still unfinished.
_PUT_OFF_AT_MOST = timedelta(minutes=10)
_AGES_AGO = datetime.min.replace(tzinfo=UTC)

WAITING = Figure("yiwang_work_waiting", "Work that is due and not done, by kind.", ("kind",))
OLDEST = Figure("yiwang_work_oldest_seconds", "How long the oldest such work is overdue, by kind.", ("kind",))
STUCK = Figure("yiwang_work_given_up", "Work that was given up and waits for a person, by kind.", ("kind",))
LATE = Figure("yiwang_late_cases", "Open cases past their time, by street.", ("street",))
FED = Figure("yiwang_feed_running", "1 while a process feeds delta sync.", ())
FIGURES = (WAITING, OLDEST, STUCK, LATE, FED)


@dataclass(frozen=True)
class WaitingWork:
    """The work of one kind: how much is due, is being tried, was given up, and how old it is."""

    kind: str
    waiting: int = 0
    active: int = 0
    oldest_seconds: float = 0.0
    given_up: int = 0


async def count_work(
    city: City, collections: Iterable[str], kinds: Collection[str]
) -> dict[str, WaitingWork]:
    """Count the work of these kinds in all collections, by kind."""
    now = city.clock.now()
    names = list(collections)
    found = await asyncio.gather(*(_of_collection(city, name, sorted(kinds), now) for name in names))
    counted = {kind: WaitingWork(kind) for kind in sorted(kinds)}
    for row in (row for rows in found for row in rows):
        known = counted[row["_id"]]
        age = (now - row["oldest"]).total_seconds() if row["oldest"] is not None else 0.0
        counted[row["_id"]] = replace(
            known,
            waiting=known.waiting + row["waiting"],
            active=known.active + row["active"],
            oldest_seconds=max(known.oldest_seconds, age, 0.0),
            given_up=known.given_up + row["given_up"],
        )
    return counted


async def _of_collection(city: City, name: str, kinds: list[str], now: datetime) -> list[Row]:
    kind = {"$in": kinds}
    lost = {"kind": kind, "due_at": None, "given_up": True}
    due = {"kind": kind, "due_at": {"$gt": _AGES_AGO, "$lte": now + _PUT_OFF_AT_MOST}}
    rows: list[Row] = []
    for match in (due, lost):
        pipeline: list[Row] = [
            {"$match": {"work": {"$elemMatch": match}}},
            {"$limit": MOST_COUNTED},
            {"$project": {"work.kind": 1, "work.due_at": 1, "work.planned_at": 1,
                          "work.token": 1, "work.given_up": 1}},
            {"$unwind": "$work"},
            {"$replaceWith": "$work"},
            {"$match": {**match}},
            _by_kind(now),
        ]  # fmt: skip
        rows += await city.database[name].aggregate(pipeline).to_list(None)
    return rows


def _by_kind(now: datetime) -> Row:
    planned = {"$ifNull": ["$planned_at", "$due_at"]}
    is_due = {"$and": [{"$not": ["$given_up"]}, {"$lte": [planned, now]}]}
    is_held = {"$and": [is_due, {"$ne": ["$token", None]}, {"$gt": ["$due_at", now]}]}
    return {
        "$group": {
            "_id": "$kind",
            "waiting": {"$sum": {"$cond": [is_due, 1, 0]}},
            "active": {"$sum": {"$cond": [is_held, 1, 0]}},
            "given_up": {"$sum": {"$cond": ["$given_up", 1, 0]}},
            "oldest": {"$min": {"$cond": [is_due, planned, None]}},
        }
    }


async def count_late(city: City) -> dict[str, int]:
    """Count the open cases past their time, by street."""
    now = city.clock.now()
    of_district = {"parent_code": {"$regex": "^[0-9]{6}$"}, "valid_to": None}
    codes = [row["_id"] async for row in city.database.divisions.find(of_district, {}).limit(MOST_STREETS)]
    late = {"state": {"$in": sorted(OPEN_STATES)}, "red_at": {"$lte": now}}
    return {
        code: await city.database.cases.count_documents(
            {"place.street_code": code, **late}, limit=MOST_COUNTED, hint="watch_red_at"
        )
        for code in codes
    }


async def count_city(city: City, collections: Iterable[str], kinds: Collection[str]) -> list[Figure]:
    """Count the figures of the whole city."""
    work, late, fed = await asyncio.gather(
        count_work(city, collections, kinds), count_late(city), is_fed(city)
    )
    return [
        replace(WAITING, rows=[((one.kind,), one.waiting) for one in work.values()]),
        replace(OLDEST, rows=[((one.kind,), one.oldest_seconds) for one in work.values()]),
        replace(STUCK, rows=[((one.kind,), one.given_up) for one in work.values()]),
        replace(LATE, rows=[((street,), count) for street, count in late.items()]),
        replace(FED, rows=[((), float(fed))]),
    ]
