"""Two emergencies never cover the same ground at the same time: the later order is refused."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from city_core.cases.emergency.area import overlap
from city_core.cases.emergency.in_force import NOT_ENDED
from city_core.cases.emergency.model import COLLECTION
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.kit.problems import CityProblem

T = TypeVar("T")
_TURN = {"_id": "emergencies"}


async def one_at_a_time(city: City, write: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
    """Write an order in a transaction of which only one at a time goes through.

    All of them count up the same row, so that of two at once MongoDB lets one go first and the other sees it.
    """
    await city.database.counters.update_one(_TURN, {"$setOnInsert": {"value": 0}}, upsert=True)

    async def in_turn(session: Session) -> T:
        await city.database.counters.update_one(_TURN, {"$inc": {"value": 1}}, session=session)
        return await write(session)

    return await in_transaction(city.database, in_turn)


async def refuse_overlap(city: City, wanted: Row, session: Session) -> None:
    """Refuse an emergency where another one is on or planned at some time of it; drills stand in no way."""
    if wanted["is_drill"]:
        return
    query = {
        "state": {"$in": list(NOT_ENDED)}, "is_drill": False, "_id": {"$ne": wanted["_id"]},
        "starts_at": {"$lt": wanted["ends_at"]},
        "ends_at": {"$gt": max(wanted["starts_at"], city.clock.now())},
    }  # fmt: skip
    async for other in city.database[COLLECTION].find(query, {"history": 0, "work": 0}, session=session):
        repeated = (other["started_by"], other["client_id"]) == (wanted["started_by"], wanted["client_id"])
        if not repeated and overlap(wanted, other):
            until = other["ends_at"].isoformat(timespec="minutes")
            allowed = f"an area or a time apart from {other['name']} ({other['_id']}), until {until}"
            raise CityProblem("EMERGENCY_OVERLAPS", field="areaCodes", allowed=allowed)
