"""Bulk writes that may be repeated: what is there already stays, what differs is put right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from city_core.kit.mongo import Collection

BATCH = 500
Row = dict[str, Any]
Progress = Callable[[int], None]


@dataclass
class Counted:
    """What became of one table: rows new, changed, as before, and those that could not be written."""

    table: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged + self.refused


async def replace_reference(collection: Collection, rows: list[Row], progress: Progress) -> Counted:
    """Make the stored reference rows equal to these; rows that only the database has are left alone.

    So are rows with a history: somebody in the city changed them since.
    """
    counted = Counted(collection.name)
    for batch in _batches(rows):
        wanted = {row["_id"]: row for row in batch}
        stored = {row["_id"]: row async for row in collection.find({"_id": {"$in": list(wanted)}})}
        kept = {key for key, row in stored.items() if row.get("history")}
        different = [row for key, row in wanted.items() if key not in kept and stored.get(key) != row]
        if different:
            writes = [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in different]
            await collection.bulk_write(writes, ordered=False)
        new = sum(1 for key in wanted if key not in stored)
        counted.new += new
        counted.changed += len(different) - new
        counted.unchanged += len(batch) - len(different)
        progress(len(batch))
    return counted


async def add_missing(collection: Collection, rows: list[Row], progress: Progress) -> Counted:
    """Add the rows that are not there yet; whatever is there keeps everything that was changed since."""
    counted = Counted(collection.name)
    for batch in _batches(rows):
        writes = [UpdateOne({"_id": row["_id"]}, {"$setOnInsert": row}, upsert=True) for row in batch]
        outcome = (await collection.bulk_write(writes, ordered=False)).bulk_api_result
        counted.new += outcome["nUpserted"]
        counted.unchanged += outcome["nMatched"]
        progress(len(batch))
    return counted


async def add_people(collection: Collection, people: list[Row], progress: Progress) -> Counted:
    """Add the people who are not there yet; whoever is there keeps everything that was changed since."""
    counted = Counted(collection.name)
    for batch in _batches(people):
        writes = [UpdateOne({"_id": row["_id"]}, {"$setOnInsert": row}, upsert=True) for row in batch]
        try:
            outcome = dict((await collection.bulk_write(writes, ordered=False)).bulk_api_result)
        except BulkWriteError as error:
            if not _only_taken_phones(error):
                raise
            outcome = dict(error.details)
        counted.new += outcome["nUpserted"]
        counted.unchanged += outcome["nMatched"]
        counted.refused += len(outcome["writeErrors"])
        progress(len(batch))
    return counted


def _only_taken_phones(error: BulkWriteError) -> bool:
    """Tell whether nothing went wrong but that somebody else has a phone number already."""
    wrong = error.details["writeErrors"]
    taken = all("phone" in row.get("keyPattern", {}) for row in wrong)
    return taken and not error.details["writeConcernErrors"]


async def missing_ids(collection: Collection, rows: list[Row]) -> set[str]:
    """Name the rows that are not stored yet."""
    ids = {row["_id"] for row in rows}
    stored = collection.find({"_id": {"$in": list(ids)}}, {"_id": 1})
    return ids - {row["_id"] async for row in stored}


def _batches(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
