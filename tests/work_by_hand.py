"""Does the city's work as its workers would, on a clock that the test turns."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from city_core.cases.command import Command
from city_core.detection.look import LOOKS
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.notify.adapters.log import LogPushGateway
from city_workers.jobs import handlers_with

_NEEDING_MODELS = frozenset({*LOOKS, "compare", "veil"})

_COLLECTIONS = ("cases", "photos", "inbox_messages", "eye_events", "data_requests")


def command() -> Command:
    """Make a command as a phone does."""
    return Command(str(uuid.uuid4()), None, "phone:test")


async def due_work(city: City, kinds: Iterable[str] | None = None) -> list[Wake]:
    """Find what is due now."""
    now = city.clock.now()
    return [
        Wake(item["kind"], name, row["_id"], item["key"], item["due_at"])
        for name in _COLLECTIONS
        async for row in city.database[name].find({"work.due_at": {"$lte": now}}, {"work": 1})
        for item in row["work"]
        if item["due_at"] is not None and item["due_at"] <= now
        and item["kind"] not in _NEEDING_MODELS and (kinds is None or item["kind"] in kinds)
    ]  # fmt: skip


async def do_due_work(city: City, kinds: Iterable[str] | None = None, *, without: str | None = None) -> None:
    """Do what is due now, and what that leads to; nothing of the kind that is left out."""
    handlers = {kind: one for kind, one in handlers_with(LogPushGateway()).items() if kind != without}
    for _ in range(50):
        due = [wake for wake in await due_work(city, kinds) if wake.kind in handlers]
        if not [await perform(city, handlers, wake) for wake in due]:
            return


async def stored(city: City, case: Row) -> Row:
    """Read a case as it stands."""
    found = await city.database.cases.find_one({"_id": case["_id"]})
    assert found is not None
    return found


async def told(city: City, kind: str) -> list[str]:
    """Name who was told something of a kind, once for each message."""
    rows = await city.database.inbox_messages.find({"kind": kind}).to_list(None)
    return sorted(row["person_id"] for row in rows)


async def due_wakes_of(city: City, kind: str) -> list[Wake]:
    """Find the due work of cases of one kind, whichever process does it."""
    now = city.clock.now()
    rows = city.database.cases.find({"work.kind": kind}, {"work": 1})
    return [
        Wake(kind, "cases", row["_id"], item["key"], item["due_at"])
        async for row in rows
        for item in row["work"]
        if item["kind"] == kind and item["due_at"] is not None and item["due_at"] <= now
    ]
