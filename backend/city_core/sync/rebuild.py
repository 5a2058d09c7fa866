"""Makes the entries of all scopes anew: at the first start, and when MongoDB forgot what had changed."""

from __future__ import annotations

from collections.abc import AsyncIterator

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.sync.feed import feed
from city_core.sync.lease import Lease, write_feed
from city_core.sync.scopes import FED, SCHEME

_BATCH = 500
_FORGOTTEN_AT_ONCE = 5_000


async def rebuild(city: City, lease: Lease, token: Row) -> None:
    """Begin a new epoch with everything as it is now; `token` is where the changes are read on from.

    Until it is complete nothing is given out; who dies in between leaves it to be begun again. The token is
    older than what is read here: what changes meanwhile is fed once more afterwards.
    """
    begun: Row = {"epoch": new_id(), "token": None, "is_complete": False, "days": []}
    earlier = (await write_feed(city, lease, begun))["seq"]
    await _forget_entries(city, lease, earlier)
    for collection in FED:
        async for ids in _batches(city, collection):
            await feed(city, lease, {collection: ids}, {})
    await write_feed(city, lease, {"token": token, "is_complete": True, "scheme": SCHEME})


async def _forget_entries(city: City, lease: Lease, until: int) -> None:
    """Take the entries of earlier epochs away, in portions: a million at once would outlast the lease.

    Not everything: another process may have taken over meanwhile, and what it made has higher numbers.
    """
    entries = city.database.sync_entries
    while True:
        old = entries.find({"seq": {"$lte": until}}, {"_id": 1}).limit(_FORGOTTEN_AT_ONCE)
        ids = [row["_id"] async for row in old]
        await entries.delete_many({"_id": {"$in": ids}, "seq": {"$lte": until}})
        await write_feed(city, lease, {})
        if len(ids) < _FORGOTTEN_AT_ONCE:
            return


async def _batches(city: City, collection: str) -> AsyncIterator[list[str]]:
    """Go through the documents by their ids."""
    last: str | None = None
    while True:
        query = {"_id": {"$gt": last}} if last is not None else {}
        rows = city.database[collection].find(query, {"_id": 1}).sort("_id", 1).limit(_BATCH)
        ids = [row["_id"] async for row in rows]
        if not ids:
            return
        yield ids
        last = ids[-1]
