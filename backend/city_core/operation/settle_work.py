"""An operator settles work that is stuck: it is tried anew, or given up in its order, or forgotten."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.waking import Wake
from city_core.kit.work import MOST_ATTEMPTS
from city_core.operation.note_deed import note_deed
from city_core.operation.refusals import OperationRefused
from city_core.operation.work_items import Standing, StuckWork, find_work


async def retry_work(city: City, by: str, name: str) -> StuckWork:
    """Give a work item all of its tries back, due now; a worker is woken, else its sweep finds it.

    An item that somebody does at this moment is left alone; whoever held one too long is fenced off.
    """
    item, row = await _found(city, name)
    if _is_held(city, row):
        raise OperationRefused(f"{name} is being done at this moment; look again when that is over.")
    now = city.clock.now()
    await note_deed(city, by, "work retry", {"work": name})
    values = {"attempts": 0, "token": None, "given_up": False, "due_at": now}
    await _write(city, item, row, {f"work.$.{field}": value for field, value in values.items()})
    city.waker.wake(Wake(item.kind, item.collection, item.owner_id, item.key, now))
    return item


async def give_up_work(city: City, by: str, name: str) -> StuckWork:
    """Have a work item given up at its next try, by a worker, with what is then to be done for its document.

    Work that may never be given up begins anew instead, as it does by itself.
    """
    item, row = await _found(city, name)
    if item.standing is Standing.GIVEN_UP:
        raise OperationRefused(f"{name} is given up already; `work forget` takes it off the list.")
    if _is_held(city, row):
        raise OperationRefused(f"{name} is being done at this moment; look again when that is over.")
    now = city.clock.now()
    await note_deed(city, by, "work give-up", {"work": name})
    await _write(city, item, row, {"work.$.attempts": MOST_ATTEMPTS, "work.$.due_at": now})
    city.waker.wake(Wake(item.kind, item.collection, item.owner_id, item.key, now))
    return item


async def forget_work(city: City, by: str, name: str) -> StuckWork:
    """Take a work item that was given up off its document, for good."""
    item, _ = await _found(city, name)
    if item.standing is not Standing.GIVEN_UP:
        raise OperationRefused(f"{name} is not given up; only what was given up can be forgotten.")
    await note_deed(city, by, "work forget", {"work": name, "kind": item.kind})
    gone = {"key": item.key, "given_up": True}
    await city.database[item.collection].update_one({"_id": item.owner_id}, {"$pull": {"work": gone}})
    return item


async def _found(city: City, name: str) -> tuple[StuckWork, Row]:
    found = await find_work(city, name)
    if found is None:
        raise OperationRefused(f"There is no work {name}: it is done, or the name is none of `work list`.")
    return found


def _is_held(city: City, row: Row) -> bool:
    return bool(row["token"] is not None and row["due_at"] is not None and row["due_at"] > city.clock.now())


async def _write(city: City, item: StuckWork, row: Row, values: Row) -> None:
    same = {"key": item.key, "token": row["token"], "attempts": row["attempts"]}
    query = {"_id": item.owner_id, "work": {"$elemMatch": same}}
    result = await city.database[item.collection].update_one(query, {"$set": values})
    if not result.matched_count:
        raise OperationRefused(f"{item.name} was taken by a worker this very moment; look again.")
