"""The queue of one phone: its numbered commands are carried out in order, the early ones wait.

`last` is the highest number that is settled. A command waits until its number is the next one, or until its
time is up; whatever comes with a number that was passed over is carried out at once, as nothing may be lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from city_core.cases.command import Command
from city_core.commands.log import COLLECTION, carry_out, claim, is_worn_out, release_work, settle
from city_core.commands.outcomes import is_final
from city_core.commands.table import QUEUEABLE
from city_core.kit.city import City
from city_core.kit.logs import failure
from city_core.kit.mongo import Row, is_unreachable, quickly
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from city_core.people.roles import Actor
from city_core.people.tokens import actor_from

QUEUES = "device_queues"
_MOST_AT_ONCE = 1_000
_MOST_QUEUES = 20  # as many as there are sign-ins of one person
_DAY = timedelta(days=1)
_AGAIN = timedelta(seconds=10)
log = structlog.get_logger()


def queue_of(person_id: str, device_id: str) -> str:
    """Name the queue of a person's phone."""
    return f"{person_id}:{device_id}"


async def check_queues(city: City, person_id: str, device_id: str) -> None:
    """Refuse a queue under one more name to a person who has used 20 others within a day."""
    own = queue_of(person_id, device_id)
    theirs = {"$gte": f"{person_id}:", "$lt": f"{person_id};", "$ne": own}  # ";" is what follows ":"
    recent = {"_id": theirs, "used_at": {"$gt": city.clock.now() - _DAY}}
    if await city.database[QUEUES].count_documents(recent, limit=_MOST_QUEUES) >= _MOST_QUEUES:
        raise CityProblem("COMMAND_QUEUE_FULL", field="deviceId", allowed=f"{_MOST_QUEUES} phones a day")


async def open_queue(city: City, person_id: str, device_id: str) -> None:
    """Have a queue for a person's phone; a new one waits for number 1."""
    first = {"person_id": person_id, "device_id": device_id, "last": 0}
    change = {"$setOnInsert": first, "$set": {"used_at": city.clock.now()}}
    await city.database[QUEUES].update_one({"_id": queue_of(person_id, device_id)}, change, upsert=True)


def patience(city: City) -> timedelta:
    """Say how long a command waits for an earlier one that has not arrived."""
    return timedelta(minutes=city.settings.held_command_minutes)


async def drain(city: City, actor: Actor | None, queue_id: str, up_to: int = 0) -> None:
    """Carry out, in order, what a queue has ready; `up_to` a number it waits no longer for earlier ones.

    Without an actor (the person is gone or disabled) everything is refused. Whoever else drains the same
    queue goes on where this one stops.
    """
    last = 0  # what was just marked may not be read yet
    for _ in range(_MOST_AT_ONCE):
        last = max(last, await _last(city, queue_id))
        row = await _next(city, queue_id, max(last + 1, up_to))
        if row is None:
            if not await _is_settled(city, queue_id, last + 1):
                return
            last += 1
            await _advance(city, queue_id, last)
            continue
        claimed = await claim(city, row)
        if claimed is None or not await _carried_out(city, actor, claimed):
            return
        last = max(last, claimed["sequence"])
        await _advance(city, queue_id, last)


async def release_command(city: City, held: Claim) -> bool:
    """Look at a held command again: in its order where possible, without it when its time is up."""
    row = await _row(city, held.owner_id)
    if row is None or row["state"] == "DONE":
        return False
    person = await city.database.people.find_one({"_id": row["person_id"]})
    actor = None if person is None or person["disabled"] else actor_from(person)
    await open_queue(city, row["person_id"], row["device_id"])
    await drain(city, actor, row["queue_id"])
    now = city.clock.now()
    due_at = row["received_at"] + patience(city)
    if due_at <= now:
        await drain(city, actor, row["queue_id"], row["sequence"])
    await _look_again(city, row, max(due_at, now + _AGAIN))
    return True


async def _look_again(city: City, row: Row, due_at: datetime) -> None:
    still = {"_id": row["_id"], "state": "HELD", "attempts": row["attempts"]}
    await city.database[COLLECTION].update_one(still, {"$set": {"work": release_work(due_at)}})


async def _row(city: City, key: str) -> Row | None:
    row: Row | None = await city.database[COLLECTION].find_one({"_id": key})
    return row


async def _last(city: City, queue_id: str) -> int:
    queue = await city.database[QUEUES].find_one({"_id": queue_id}, {"last": 1})
    return int(queue["last"]) if queue is not None else 0


async def _next(city: City, queue_id: str, highest: int) -> Row | None:
    waiting = {"queue_id": queue_id, "state": {"$in": ["HELD", "RUNNING"]}, "sequence": {"$lte": highest}}
    row: Row | None = await city.database[COLLECTION].find_one(
        waiting, {"queue_id": 1}, sort=[("sequence", 1)]
    )
    return row


async def _is_settled(city: City, queue_id: str, sequence: int) -> bool:
    query = {"queue_id": queue_id, "state": "DONE", "sequence": sequence}
    return await city.database[COLLECTION].find_one(query, {"_id": 1}) is not None


async def _advance(city: City, queue_id: str, sequence: int) -> None:
    # A lost mark does no harm: the settled row itself says that its number is done.
    await quickly(city.database[QUEUES]).update_one({"_id": queue_id}, {"$max": {"last": sequence}})


async def _carried_out(city: City, actor: Actor | None, row: Row) -> bool:
    """Carry one claimed command out; False when it is still to be done."""
    command = Command(
        row["client_id"], row["device_time"], row["origin"], row["base_version"], row["made_at"]
    )

    if is_worn_out(city, row, row["attempts"] - 1):  # each try before this one killed its process
        log.error("queued_command_given_up", name=row["name"], attempts=row["attempts"])
        await settle(city, row, CityProblem("UNEXPECTED"))
        return True

    async def work() -> Row:
        if actor is None:
            raise CityProblem("NOT_ALLOWED", allowed="people of the city who are not disabled")
        return await QUEUEABLE[row["name"]](city, actor, command, row["given"])

    try:
        await carry_out(city, row, work)
    except CityProblem as problem:
        return is_final(problem)
    except Exception as error:
        if is_unreachable(error):
            raise
        log.error("queued_command_failed", name=row["name"], attempts=row["attempts"], **failure(error))
        return False
    return True
