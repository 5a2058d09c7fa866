"""Duties: what is done again and again, by one process of the city at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import DuplicateKeyError

COLLECTION = "duties"


@dataclass(frozen=True)
class Duty:
    """Something done every so often; it must be safe to do twice. `do` answers how much there was to do."""

    name: str
    every: timedelta
    do: Callable[[City], Awaitable[int]]


async def take_turn(city: City, duty: Duty) -> bool:
    """Take the turn of a duty if it is due; of several processes that ask, one gets it."""
    now = city.clock.now()
    turn = {"$set": {"due_at": now + duty.every}}
    due = {"_id": duty.name, "due_at": {"$lte": now}}
    try:
        await city.database[COLLECTION].update_one(due, turn, upsert=True)
    except DuplicateKeyError:  # it is there, and not due
        return False
    await point("duty.taken")
    return True
