"""Makes the entries of all scopes anew: at the first start, and when MongoDB forgot what had changed."""

from __future__ import annotations

from collections.abc import AsyncIterator

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.sync.feed import feed
from city_core.sync.lease import Lease, write_feed
from city_core.sync.scopes import FED

_BATCH = 500


async def rebuild(city: City, lease: Lease, token: Row) -> None:
    """Begin a new epoch with everything as it is now; `token` is where the changes are read on from.

    Until it is complete nothing is given out; who dies in between leaves it to be begun again. The token is
    older than what is read here: what changes meanwhile is fed once more afterwards.
    """
    begun: Row = {"epoch": new_id(), "token": None, "is_complete": False, "days": []}
    earlier = (await write_feed(city, lease, begun))["seq"]
    # Not everything: another process may have taken over meanwhile, and what it made has higher numbers.
    await city.database.sync_entries.delete_many({"seq": {"$lte": earlier}})
    for collection in FED:
        async for ids in _batches(city, collection):
            await feed(city, lease, {collection: ids}, {})
    await write_feed(city, lease, {"token": token, "is_complete": True})


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
