"""Labelled examples are kept, one for each photo of a case, and withdrawn with the case."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row

COLLECTION = "labelled_examples"


async def keep_examples(city: City, rows: Sequence[Row]) -> None:
    """Keep examples; a later decision on the same photo of the same case replaces an earlier one."""
    for row in rows:
        not_later = {"_id": row["_id"], "decided_in_step": {"$lte": row["decided_in_step"]}}
        try:
            await city.database[COLLECTION].replace_one(not_later, row, upsert=True)
        except DuplicateKeyError:
            continue  # what was decided later is kept already


async def withdraw_examples(city: City, case_id: str) -> None:
    """Forget what the photos of a case taught: it was taken back, or should never have been."""
    await city.database[COLLECTION].delete_many({"case_id": case_id})


async def count_examples(city: City, since: datetime | None = None) -> int:
    """Count the examples that were decided on since then."""
    count: int = await city.database[COLLECTION].count_documents(_since(since))
    return count


async def stream_examples(city: City, since: datetime | None = None) -> AsyncIterator[Row]:
    """Give the examples one by one, in the order in which people decided, oldest first."""
    found = city.database[COLLECTION].find(_since(since)).sort([("decided_at", 1), ("_id", 1)])
    async for row in found:
        yield row


def _since(since: datetime | None) -> Row:
    return {} if since is None else {"decided_at": {"$gte": since}}
