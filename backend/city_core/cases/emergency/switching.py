"""The clocks of the cases of an emergency are brought to what they should be, for as long as it takes.

What a case should have is compared with what it has, again and again while the emergency is on and for a
while after it: whatever was filed, split or unmerged meanwhile is found, whoever died meanwhile is repeated.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

import structlog

from city_core.cases.emergency.end import ending
from city_core.cases.emergency.model import COLLECTION, EmergencyState
from city_core.cases.emergency.pending import cases_to_switch
from city_core.cases.emergency.record import (
    EmergencyChange,
    change_emergency,
    switching,
    telling,
    wake_after,
)
from city_core.cases.emergency.switch_clock import switch_clock
from city_core.cases.workflow import OPEN_STATES, State
from city_core.kit.city import City
from city_core.kit.logs import failure
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.kit.work import Claim, work_stage
from city_core.people.roles import SYSTEM

_BATCH = 100
_AT_ONCE = 4  # beside them reports are dispatched
_PART_OF_LEASE = 3
_GO_ON = timedelta(milliseconds=200)
_SOMETHING_LEFT = timedelta(seconds=2)
LOOK_AGAIN = timedelta(seconds=15)
WATCHED_AFTER = timedelta(minutes=10)  # a step that began before the end has long been written by then
_WATCHED_FOR_UNMERGING = timedelta(days=366)
_OPEN = {"$in": sorted(OPEN_STATES)}
log = structlog.get_logger()


async def switch_clocks(city: City, held: Claim) -> bool:
    """Begin or end an emergency when its time has come, and switch the clocks that are not as they should."""
    emergency = await _as_time_has_it(city, held.owner_id)
    if emergency is None:
        return False
    after = await _switch_for_a_while(city, emergency, held.input.get("after"))
    due_at = await _next_look(city, emergency, after)
    if due_at is None:
        return False
    update = [work_stage([switching(due_at, after)], held)]
    kept = await city.database[COLLECTION].find_one_and_update(
        {"_id": emergency["_id"], **held.filter}, update, return_document=True
    )
    if kept is not None:
        wake_after(city, kept)
    return True


async def begin_again(city: City, held: Claim) -> bool:
    """Never give an emergency up: after too many failures it is looked at again in a minute, afresh."""
    item = switching(city.clock.now() + timedelta(minutes=1))
    await city.database[COLLECTION].update_one(
        {"_id": held.owner_id, **held.filter}, [work_stage([item], held)]
    )
    return True


async def _as_time_has_it(city: City, emergency_id: str) -> Row | None:
    emergency: Row | None = await city.database[COLLECTION].find_one({"_id": emergency_id})
    now = city.clock.now()
    if emergency is None or emergency["state"] == EmergencyState.ENDED:
        return emergency
    if emergency["ends_at"] <= now:
        return await _roll(city, emergency_id, "END")
    if emergency["state"] == EmergencyState.PLANNED and emergency["starts_at"] <= now:
        return await _roll(city, emergency_id, "BEGIN")
    return emergency


async def _roll(city: City, emergency_id: str, action: str) -> Row:
    """Take the step that is due by time, unless somebody else has just taken it."""

    def decide(row: Row) -> EmergencyChange:
        now = city.clock.now()
        if row["state"] == EmergencyState.ENDED or (action == "END") != (row["ends_at"] <= now):
            raise _Overtaken
        if action == "END":
            change = ending(city, row, SYSTEM, row["ends_at"], "")
            # The item in hand goes on with the switching.
            return EmergencyChange(change.changes, "", [item for item in change.work if "tell" in item.kind])
        if row["state"] != EmergencyState.PLANNED:
            raise _Overtaken
        told = telling(city, row, row["version"] + 1, over=False)
        return EmergencyChange({"state": EmergencyState.ON.value}, "", [told])

    async def step(session: Session) -> Row:
        return await change_emergency(city, SYSTEM, emergency_id, action, decide, session=session)

    try:
        changed = await in_transaction(city.database, step)
    except _Overtaken:
        found: Row | None = await city.database[COLLECTION].find_one({"_id": emergency_id})
        assert found is not None
        return found
    wake_after(city, changed)
    return changed


async def _switch_for_a_while(city: City, emergency: Row, after: str | None) -> str | None:
    """Switch cases in the order of their ids; answers the last one when the lease does not last for all."""
    if emergency["is_drill"] or emergency["state"] == EmergencyState.PLANNED:
        return None
    stop_at = time.monotonic() + city.settings.work_lease_seconds / _PART_OF_LEASE
    query = await cases_to_switch(city, emergency)
    while True:
        beyond = {} if after is None else {"_id": {"$gt": after}}
        cursor = city.database.cases.find({**query, **beyond}, {"_id": 1}).sort("_id", 1)
        ids = [row["_id"] for row in await cursor.limit(_BATCH).to_list(_BATCH)]
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            await asyncio.gather(*(_switch_one(city, case_id) for case_id in some))
            after = some[-1]
            if time.monotonic() > stop_at:
                return after
        if len(ids) < _BATCH:
            return None


async def _switch_one(city: City, case_id: str) -> None:
    """Switch one case; one that cannot be switched stands in no other's way and is tried again."""
    try:
        await switch_clock(city, case_id)
    except Exception as error:
        log.error("clock_not_switched", case=case_id, **failure(error))


async def _next_look(city: City, emergency: Row, after: str | None) -> datetime | None:
    now = city.clock.now()
    if after is not None:
        return now + _GO_ON
    if emergency["state"] == EmergencyState.PLANNED:
        return _time(emergency["starts_at"])
    if emergency["state"] == EmergencyState.ON:
        ends_at = _time(emergency["ends_at"])
        return ends_at if emergency["is_drill"] else min(now + LOOK_AGAIN, ends_at)
    return None if emergency["is_drill"] else await _next_look_after_end(city, emergency, now)


async def _next_look_after_end(city: City, emergency: Row, now: datetime) -> datetime | None:
    own: dict[str, Any] = {"emergency_id": emergency["_id"]}
    if await city.database.cases.find_one({**own, "state": _OPEN}, {"_id": 1}) is not None:
        return now + _SOMETHING_LEFT
    over_for = now - _time(emergency["ended_at"])
    if over_for < WATCHED_AFTER:
        return now + LOOK_AGAIN
    merged = {**own, "state": State.MERGED.value}
    if over_for < _WATCHED_FOR_UNMERGING and await city.database.cases.find_one(merged, {"_id": 1}):
        return now + timedelta(days=1)
    return None


def _time(instant: Any) -> datetime:
    assert isinstance(instant, datetime)
    return instant


class _Overtaken(Exception):
    pass
