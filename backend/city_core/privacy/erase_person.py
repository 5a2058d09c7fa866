"""An account is deleted 注销: sign-in ends, then the person goes from store by store; cases stay."""

from __future__ import annotations

from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem
from city_core.people.standing import tell_person_changed
from city_core.privacy.ask import DELETION_WORK
from city_core.privacy.holder import Holder, holder_of
from city_core.privacy.model import REQUESTS, DataRequestState
from city_core.privacy.stores import STEPS

CLOSED, SWEPT = "closed", "swept"
# Longer than any request or job that read the person before may still write: the feed of the phones too.
LOOKED_AGAIN_AFTER = timedelta(minutes=10)
_STILL_ON = {"$in": [DataRequestState.WAITING.value, DataRequestState.RUNNING.value]}


async def erase_person(city: City, held: Claim) -> bool:
    """Delete an account: close it, go through every store, and ten minutes later once more.

    Each step may be done twice; which are done is kept with the request, so that a killed worker's work goes
    on. A deletion that was withdrawn meanwhile is not done.
    """
    request = await _begin(city, held)
    if request is None:
        return False
    holder = await holder_of(city, request["person_id"])
    if held.key == SWEPT:
        await _sweep(city, holder)
        await _end(city, held, request, holder)
        return False
    for step in STEPS:
        if step.name not in request["steps_done"]:
            gone = await step.leave(city, holder)
            done = {"$addToSet": {"steps_done": step.name}, "$inc": {f"counts.{step.name}": gone}}
            await city.database[REQUESTS].update_one({"_id": held.owner_id}, done)
    again = WorkItem(DELETION_WORK, SWEPT, city.clock.now() + LOOKED_AGAIN_AFTER)
    fresh = {"_id": held.owner_id, "work.key": {"$ne": SWEPT}}
    await city.database[REQUESTS].update_one(fresh, {"$push": {"work": again.row()}})
    return False


async def _begin(city: City, held: Claim) -> Row | None:
    """Take the request on, unless it was withdrawn, and let nobody sign in as the person any more."""
    now = city.clock.now()
    own = {"_id": held.owner_id, "state": _STILL_ON, **held.filter}
    begun = {"state": DataRequestState.RUNNING.value, "begun_at": {"$ifNull": ["$begun_at", now]}}
    request: Row | None = await city.database[REQUESTS].find_one_and_update(
        own, [{"$set": begun}], return_document=True
    )
    if request is not None and CLOSED not in request["steps_done"]:
        await city.database.people.update_one(
            {"_id": request["person_id"]}, {"$set": {"disabled": True}, "$inc": {"token_version": 1}}
        )
        tell_person_changed(city, request["person_id"])
        done = {"$addToSet": {"steps_done": CLOSED}}
        await city.database[REQUESTS].update_one({"_id": held.owner_id}, done)
    return request


async def _sweep(city: City, holder: Holder) -> None:
    """Go through every store once more, for what was written by somebody who had read it before."""
    for step in STEPS:
        await step.leave(city, holder)


async def _end(city: City, held: Claim, request: Row, holder: Holder) -> None:
    """Keep that an account was deleted, and when; not whose."""
    ended = {
        "state": DataRequestState.DONE.value, "ended_at": city.clock.now(), "person_id": holder.reference,
    }  # fmt: skip
    await city.database[REQUESTS].update_one({"_id": request["_id"], **held.filter}, {"$set": ended})
