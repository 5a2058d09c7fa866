"""Whoever an emergency concerns is told that it has begun or is over; of a drill, leaders and seats alone."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from city_core.cases.emergency.concerned import concerned_filter
from city_core.cases.emergency.model import COLLECTION
from city_core.cases.emergency.record import wake_after
from city_core.kit.city import City
from city_core.kit.work import Claim, WorkItem, work_stage
from city_core.notify.deliver import deliver

_BATCH = 100
_PART_OF_LEASE = 3


async def tell_emergency(city: City, held: Claim) -> bool:
    """Tell people one after the other, each once; goes on later where the lease does not last for all."""
    emergency = await city.database[COLLECTION].find_one({"_id": held.owner_id})
    if emergency is None:
        return False
    stop_at = time.monotonic() + city.settings.work_lease_seconds / _PART_OF_LEASE
    after = str(held.input.get("after") or "")
    while True:
        query = {"$and": [concerned_filter(emergency), {"_id": {"$gt": after}}]}
        found = (
            await city.database.people.find(query, {"_id": 1}).sort("_id", 1).limit(_BATCH).to_list(_BATCH)
        )
        for person in found:
            await deliver(city, person["_id"], held.input["kind"], held.owner_id, held.input["seq"])
            after = person["_id"]
            if time.monotonic() > stop_at:
                return await _go_on_later(city, held, after)
        if len(found) < _BATCH:
            return False


async def _go_on_later(city: City, held: Claim, after: str) -> bool:
    given: Mapping[str, Any] = {**held.input, "after": after}
    item = WorkItem(held.kind, held.key, city.clock.now() + timedelta(milliseconds=200), given)
    kept = await city.database[COLLECTION].find_one_and_update(
        {"_id": held.owner_id, **held.filter}, [work_stage([item], held)], return_document=True
    )
    if kept is not None:
        wake_after(city, kept)
    return True
