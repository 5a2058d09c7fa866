"""Whether delta sync is fed, for those who watch."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.sync.model import FEED


async def is_fed(city: City) -> bool:
    """Tell whether a process feeds now; phones are told changes late while none does."""
    held = {"_id": FEED, "leased_until": {"$gte": city.clock.now()}}
    return await city.database.sync_feed.find_one(held, {"_id": 1}) is not None
