"""What MongoDB did for a question, by its own profiler: keys and documents that it looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from city_core.kit.mongo import Database, Row

PROFILE_BYTES = 64 * 1024 * 1024


@dataclass
class Work:
    """What was looked at while it was watched; `plans` are the ways that MongoDB chose."""

    operations: int = 0
    keys: int = 0
    documents: int = 0
    plans: set[str] = field(default_factory=set)


@asynccontextmanager
async def watched(database: Database) -> AsyncIterator[Work]:
    """Watch one database; the figures are complete once the block has ended."""
    await database.command("profile", 0)
    await database.drop_collection("system.profile")
    await database.create_collection("system.profile", capped=True, size=PROFILE_BYTES)
    await database.command("profile", 2)
    work = Work()
    try:
        yield work
    finally:
        await database.command("profile", 0)
    seen = database["system.profile"].find({"op": {"$in": ["query", "command", "getmore"]}})
    async for row in seen:
        if row["ns"].endswith(".system.profile") or "profile" in row.get("command", {}):
            continue
        work.operations += row["op"] != "getmore"
        work.keys += row.get("keysExamined", 0)
        work.documents += row.get("docsExamined", 0)
        work.plans.add(_plan_of(row))
    await database.drop_collection("system.profile")


def _plan_of(row: Row) -> str:
    return str(row.get("planSummary", ""))[:300]
