"""What the tests of delta sync share: a feeder that is run until it has caught up, and a phone that pulls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.sync.feeder import feed_scopes
from city_core.sync.pull import pull_cases
from city_core.sync.scopes import SyncScope
from tests.waiting import until


@contextlib.asynccontextmanager
async def fed(city: City) -> AsyncIterator[None]:
    """Have one feeder run, ready when everything was made."""
    task = asyncio.create_task(feed_scopes(city))
    try:
        await caught_up(city)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def caught_up(city: City) -> None:
    """Wait until everything committed so far was fed, shown by a mark that is changed now."""
    mark, key = new_id(), "tasks:mark"
    place = {"responsibility_grid_id": "nowhere"}
    case = {"_id": mark, "state": "FILED", "reporter_id": mark, "client_id": mark, "place": place,
            "people_involved": [], "task": {"assignee_id": "mark"}}  # fmt: skip
    await city.database.cases.insert_one(case)
    await until(lambda: city.database.sync_entries.find_one({"_id": f"{key}|{mark}"}), "the feed to catch up")
    await city.database.cases.delete_one({"_id": mark})
    gone = {"_id": f"{key}|{mark}", "deleted": True}
    await until(lambda: city.database.sync_entries.find_one(gone), "the feed to catch up")


@dataclass
class Copy:
    """What one phone keeps of one scope, and how it pulls."""

    city: City
    actor: Actor
    scope: SyncScope
    checkpoint: str | None = None
    documents: dict[str, Row] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    pulls: int = 0
    resets: int = 0

    async def pull(self, limit: int = 100) -> None:
        """Pull until nothing more waits, and keep what came."""
        self.got, self.pulls = [], 0
        more = True
        while more:
            pulled = await pull_cases(
                self.city, self.actor, self.scope, checkpoint=self.checkpoint, limit=limit,
                fields=["version", "description"],
            )  # fmt: skip
            if pulled.reset_required:
                self.documents, self.resets = {}, self.resets + 1
            for row in pulled.documents:
                self.got.append(row["_id"])
                self.documents.pop(row["_id"], None)
                if not row["deleted"]:
                    self.documents[row["_id"]] = row["document"]
            self.checkpoint = pulled.checkpoint
            self.pulls += 1
            more = pulled.has_more or pulled.reset_required

    def versions(self) -> dict[str, int]:
        return {id_: row["version"] for id_, row in self.documents.items()}
