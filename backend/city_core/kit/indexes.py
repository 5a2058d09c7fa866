"""Which indexes a database has, so that one that went missing is seen."""

from __future__ import annotations

from collections.abc import Iterable

from city_core.kit.mongo import Database


async def index_names(database: Database, collections: Iterable[str]) -> frozenset[str]:
    """Name the indexes of these collections as `collection.index`."""
    found: set[str] = set()
    for name in collections:
        found.update([f"{name}.{row['name']}" async for row in database[name].list_indexes()])
    return frozenset(found)
