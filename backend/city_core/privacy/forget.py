"""Forgets what its time is over for, batch by batch, by a rule that says which rows and what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row

_BATCH = 500
_MOST_BATCHES = 40


@dataclass(frozen=True)
class Forgetting:
    """Rows of one store that are forgotten some days after `since`, and what is written instead of them.

    `where` narrows them down; it has to hold no more once `change` was written, so that nothing is done
    twice. Without a change the rows go whole.
    """

    store: str
    since: str
    days: float
    where: Mapping[str, Any]
    change: Mapping[str, Any] | None = None

    def due(self, now: datetime) -> Row:
        """Ask for the rows whose time is over."""
        return {**self.where, self.since: {"$lte": now - timedelta(days=self.days)}}


def forgets(forgetting: Forgetting) -> Callable[[City], Any]:
    """Make the job that forgets; it may run twice, at once, and goes on where a killed one stopped."""

    async def do(city: City) -> int:
        forgotten = 0
        for _ in range(_MOST_BATCHES):
            gone = await _batch(city, forgetting)
            forgotten += gone
            if gone < _BATCH:
                break
        return forgotten

    return do


def counts(forgetting: Forgetting) -> Callable[[City], Any]:
    """Make the dry run of a job that forgets: how many rows it would go through, nothing written."""

    async def count(city: City) -> int:
        due = forgetting.due(city.clock.now())
        return int(await city.database[forgetting.store].count_documents(due))

    return count


async def _batch(city: City, forgetting: Forgetting) -> int:
    rows = city.database[forgetting.store]
    due = forgetting.due(city.clock.now())
    found = await rows.find(due, {"_id": 1}).sort(forgetting.since, 1).to_list(_BATCH)
    these = {"_id": {"$in": [row["_id"] for row in found]}, **due}
    if forgetting.change is None:
        return int((await rows.delete_many(these)).deleted_count)
    return int((await rows.update_many(these, dict(forgetting.change))).modified_count)
