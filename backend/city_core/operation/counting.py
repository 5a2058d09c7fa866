"""Who counts the figures of the city: one process at a time, which shows them; the others show none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.duties import COLLECTION
from city_core.kit.metrics import CITY_FIGURES
from city_core.kit.mongo import DuplicateKeyError
from city_core.operation.figures import count_city
from city_core.operation.lanes import KINDS_OF_WORK

COUNT_SECONDS = 15.0
_LEASE = timedelta(seconds=3 * COUNT_SECONDS)
_TURN = "count_figures"


async def count_in_turn(city: City, holder: str, collections: Iterable[str]) -> bool:
    """Count if it is this process that counts, and show it; whoever counts goes on until it is gone."""
    if not await _holds_the_turn(city, holder):
        CITY_FIGURES.figures = ()
        return False
    CITY_FIGURES.figures = await count_city(city, collections, KINDS_OF_WORK)
    return True


async def _holds_the_turn(city: City, holder: str) -> bool:
    now = city.clock.now()
    free = {"_id": _TURN, "$or": [{"holder": holder}, {"due_at": {"$lte": now}}]}
    taken = {"$set": {"holder": holder, "due_at": now + _LEASE}}
    try:
        await city.database[COLLECTION].update_one(free, taken, upsert=True)
    except DuplicateKeyError:  # it is there, and somebody else's
        return False
    return True
