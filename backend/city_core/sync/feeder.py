"""The long duty of feeding the scopes: follows what MongoDB commits, in one process at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial

import structlog

from city_core.kit.city import City
from city_core.kit.held import held
from city_core.kit.ids import new_id
from city_core.kit.logs import failure
from city_core.kit.metrics import FEED_LAG
from city_core.kit.mongo import Changes, HistoryLost, Row, watch
from city_core.sync.feed import feed
from city_core.sync.lease import LEASE_SECONDS, Lease, LeaseLost, release_lease, take_lease, write_feed
from city_core.sync.model import KEPT_DAYS
from city_core.sync.rebuild import rebuild
from city_core.sync.scopes import FED, SCHEME

log = structlog.get_logger()
MOST_CHANGES = 500
_PAUSE_SECONDS = 1.0
_RENEWED_EVERY = timedelta(seconds=LEASE_SECONDS / 3)
_DAY = timedelta(days=1)

# Claims and leases of work, and tallies, change a case many times without a phone having to know.
_CHANGED_NAMES = {
    "$concatArrays": [
        {"$map": {"input": {"$objectToArray": "$updateDescription.updatedFields"}, "in": "$$this.k"}},
        "$updateDescription.removedFields",
        {"$map": {"input": {"$ifNull": ["$updateDescription.truncatedArrays", []]}, "in": "$$this.field"}},
    ]
}
_NO_MATTER = r"^(work|tally|tally_due|place\.cell|is_counted|counted_in)(\.|$)"
_NOT_ONLY_WORK = {
    "$anyElementTrue": [
        {"$map": {
            "input": _CHANGED_NAMES,
            "in": {"$not": [{"$regexMatch": {"input": "$$this", "regex": _NO_MATTER}}]},
        }}
    ]
}  # fmt: skip
_PIPELINE: Sequence[Row] = (
    {"$match": {"ns.coll": {"$in": sorted(FED)}}},
    {"$match": {"$or": [{"operationType": {"$ne": "update"}}, {"$expr": _NOT_ONLY_WORK}]}},
    {"$project": {"operationType": 1, "clusterTime": 1, "ns.coll": 1, "documentKey": 1}},
)


async def feed_scopes(city: City) -> None:
    """Keep the scopes of all phones up to date until cancelled; waits while another process does."""
    holder = new_id()
    while True:
        try:
            async with held(take_lease(city, holder), partial(release_lease, city)) as lease:
                if lease is not None:
                    await _feed_as(city, lease)
        except LeaseLost:
            log.warning("sync_lease_lost")
        except Exception as error:
            log.error("sync_feed_failed", **failure(error))
        await asyncio.sleep(_PAUSE_SECONDS)


async def _feed_as(city: City, lease: Lease) -> None:
    try:
        await _follow(city, lease)
    except HistoryLost:
        log.warning("sync_history_lost")
        await write_feed(city, lease, {"token": None, "is_complete": False})


async def _follow(city: City, lease: Lease) -> None:
    """Feed batch after batch from where the last one ended, or from a rebuild."""
    stored = await write_feed(city, lease, {})
    if stored.get("scheme", 0) != SCHEME:
        stored = {**stored, "token": None}
    marked: datetime | None = stored["days"][-1]["at"] if stored["days"] else None
    renewed = city.clock.now()
    changes = watch(city.database, _PIPELINE, since=stored["token"], most=MOST_CHANGES)
    async with aclosing(changes):
        async for batch in changes:
            now = city.clock.now()
            if stored["token"] is None:
                await rebuild(city, lease, batch.token)
                stored = {"token": batch.token}
            if marked is None or now - marked >= _DAY:
                await _mark_day(city, lease, now)
                marked = now
            if batch.rows:
                await feed(city, lease, _changed(batch), {"token": batch.token}, after=batch.at)
                renewed = now
            elif now - renewed >= _RENEWED_EVERY:
                await write_feed(city, lease, {"token": batch.token})
                renewed = now
            FEED_LAG.set(_lag_seconds(batch))


def _changed(batch: Changes) -> dict[str, list[str]]:
    """Name what changed, each once, in the order of its last change."""
    found: dict[str, dict[str, None]] = {}
    for row in batch.rows:
        if "documentKey" in row:
            of_collection = found.setdefault(row["ns"]["coll"], {})
            id_ = row["documentKey"]["_id"]
            of_collection.pop(id_, None)
            of_collection[id_] = None
    return {collection: list(ids) for collection, ids in found.items()}


def _lag_seconds(batch: Changes) -> float:
    """Tell how long ago the last change of a batch was committed; MongoDB's clock counts whole seconds."""
    return max(0.0, time.time() - batch.at.time) if batch.at is not None else 0.0


async def _mark_day(city: City, lease: Lease, now: datetime) -> None:
    """Note once a day how far the feed is; of the marks that are too old the newest stays."""
    row = await write_feed(city, lease, {})
    days = [*row["days"], {"at": now, "seq": row["seq"]}]
    old = [day for day in days if day["at"] < now - timedelta(days=KEPT_DAYS)]
    await write_feed(city, lease, {"days": [*old[-1:], *days[len(old) :]]})
