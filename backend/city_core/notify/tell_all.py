"""Many people are told the same, one after the other; goes on later where the lease does not last for all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem, wakes_for, work_stage
from city_core.notify.deliver import deliver

_BATCH = 100
_PART_OF_LEASE = 3
_PAUSE = timedelta(milliseconds=200)


async def tell_all(city: City, held: Claim, concerned: Row, kind: str, seq: int) -> bool:
    """Put a message into the inbox of everybody whom this filter of people finds, each once.

    A telling that was broken off goes on after the last one told, and tells nobody twice. True when what is
    left was put on the list in the place of this item.
    """
    stop_at = time.monotonic() + city.settings.work_lease_seconds / _PART_OF_LEASE
    after = str(held.input.get("after") or "")
    while True:
        query = {"$and": [concerned, {"_id": {"$gt": after}}]}
        found = (
            await city.database.people.find(query, {"_id": 1}).sort("_id", 1).limit(_BATCH).to_list(_BATCH)
        )
        for person in found:
            await deliver(city, person["_id"], kind, held.owner_id, seq)
            after = person["_id"]
            if time.monotonic() > stop_at:
                await _go_on_later(city, held, after)
                return True
        if len(found) < _BATCH:
            return False


async def _go_on_later(city: City, held: Claim, after: str) -> None:
    given: Mapping[str, Any] = {**held.input, "after": after}
    item = WorkItem(held.kind, held.key, city.clock.now() + _PAUSE, given)
    kept = await city.database[held.collection].update_one(
        {"_id": held.owner_id, **held.filter}, [work_stage([item], held)]
    )
    if kept.modified_count:
        for wake in wakes_for(held.collection, held.owner_id, [item]):
            city.waker.wake(wake)
