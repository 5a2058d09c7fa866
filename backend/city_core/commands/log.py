"""The command log: who gets to carry a command out, and what became of it.

A command is claimed for the length of a lease and a token fences off who came too late. A lease that ended
because its process was killed lets somebody else carry the command out again: that is safe, as each use-case
knows its own commands by the record that it writes.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from city_core.cases.command import Command
from city_core.commands.outcomes import is_final, outcome_of
from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import (
    DuplicateKeyError,
    PyMongoError,
    Row,
    is_out_of_time,
    is_unreachable,
    quickly,
)
from city_core.kit.more_time import with_more_time
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor

COLLECTION = "command_log"
RELEASE = "release_command"
KEPT = timedelta(days=35)
MOST_ATTEMPTS = 8
TRIED_FOR = timedelta(minutes=10)  # at least: a phone that asks every second does not use its tries up
_LONGEST_PAUSE_SECONDS = 300
_LATE_SECONDS = 2.0
_ONCE_SETTLED = {"given": "", "photo_ids": "", "work": "", "lease_until": ""}


def key_of(person_id: str, client_id: str) -> str:
    """Name the one row of a person's command."""
    return f"{person_id}:{client_id}"


def log_row(actor: Actor, command: Command, name: str, mark: str, now: datetime) -> Row:
    """Write down a command that came in, before anything is done about it."""
    return {
        "_id": key_of(actor.person_id, command.client_id),
        "person_id": actor.person_id,
        "client_id": command.client_id,
        "name": name,
        "input_hash": mark,
        "base_version": command.base_version,
        "device_id": actor.device_id or None,
        "device_time": None if actor.is_unknown else command.device_time,
        "made_at": None if actor.is_unknown else command.made_at,
        "received_at": now,
        "origin": "phone" if actor.is_unknown else command.origin,
        "attempts": 0,
    }


def running(city: City) -> Row:
    """Give the fields of a command that somebody carries out now, for the length of a lease."""
    until = city.clock.now() + timedelta(seconds=city.settings.work_lease_seconds)
    return {"state": "RUNNING", "token": secrets.token_hex(8), "lease_until": until}


def release_work(due_at: datetime) -> list[Row]:
    """Ask for a held command to be looked at, though its phone may never come back."""
    return [WorkItem(RELEASE, RELEASE, due_at).row()]


async def claim(city: City, row: Row) -> Row | None:
    """Get the right to carry out a held command, or one whose process was killed; None if others have it."""
    fields = running(city)
    if "queue_id" in row:
        fields["work"] = release_work(fields["lease_until"])
    free = [{"state": "HELD"}, {"state": "RUNNING", "lease_until": {"$lte": city.clock.now()}}]
    claimed: Row | None = await quickly(city.database[COLLECTION]).find_one_and_update(
        {"_id": row["_id"], "$or": free}, {"$set": fields, "$inc": {"attempts": 1}}, return_document=True
    )
    return claimed


async def carry_out(city: City, row: Row, work: Callable[[], Awaitable[Any]]) -> Any:
    """Do what a claimed command asks for and keep its outcome; what may succeed later is let go.

    So is what was cut off as its time was over: its repeat finds what was written and waits for no lease.
    """
    try:
        return await _carry_out(city, row, work)
    except asyncio.CancelledError:
        await _let_go_late(city, row)
        raise
    except PyMongoError as error:
        if is_out_of_time(error):
            await _let_go_late(city, row)
        raise


async def _carry_out(city: City, row: Row, work: Callable[[], Awaitable[Any]]) -> Any:
    try:
        done = await work()
    except CityProblem as problem:
        if is_final(problem):
            await settle(city, row, problem)
        else:
            await _let_go(city, row, problem)
        raise
    except Exception as error:
        if not is_out_of_time(error):
            await _let_go(city, row, CityProblem("UNEXPECTED"), counts=not is_unreachable(error))
        raise
    await point("command.carried_out")
    await settle(city, row, None, done)
    return done


async def _let_go_late(city: City, row: Row) -> None:
    with contextlib.suppress(PyMongoError):  # then its lease ends
        await with_more_time(
            _LATE_SECONDS, lambda: _let_go(city, row, CityProblem("OPERATION_TOO_LONG"), counts=False)
        )


async def settle(city: City, row: Row, problem: CityProblem | None, done: Any = None) -> None:
    """Keep what became of a command; whoever lost their lease keeps nothing.

    The first mark may be lost with the primary: then the row is written anew, whole.
    """
    now = city.clock.now()
    is_component = isinstance(done, Mapping) and "grid_code" in done  # only a component stands in a grid
    is_case = isinstance(done, Mapping) and "reporter_id" in done  # only a case has a reporter
    known = {
        "state": "DONE",
        "outcome": outcome_of(problem),
        "settled_at": now,
        "expires_at": now + KEPT,
        "case_id": done["_id"] if is_case else row.get("case_id"),
        "case_version": done["version"] if is_case else None,
        "component_code": done["_id"] if is_component else None,
        "is_just_done": done is True,
    }
    left_out = {"_id", "token", *known, *_ONCE_SETTLED}
    first = {name: value for name, value in row.items() if name not in left_out}
    try:
        await city.database[COLLECTION].update_one(
            {"_id": row["_id"], "token": row["token"]},
            {"$set": known, "$setOnInsert": first, "$unset": _ONCE_SETTLED},
            upsert=True,
        )
    except DuplicateKeyError:
        return


def is_worn_out(city: City, row: Row, tries: int) -> bool:
    """Tell whether a command was tried often enough, over long enough, to be given up."""
    return tries >= MOST_ATTEMPTS and bool(city.clock.now() - row["received_at"] >= TRIED_FOR)


async def _let_go(city: City, row: Row, problem: CityProblem, *, counts: bool = True) -> None:
    """Give a command back: a phone that waits may repeat it, a held one is tried again by itself.

    `counts` says whether this was one of its tries: what MongoDB did not answer is none.
    """
    own = {"_id": row["_id"], "token": row["token"], "state": "RUNNING"}
    log = city.database[COLLECTION]
    if "queue_id" not in row:
        gone = await quickly(log).delete_one({**own, "queue_id": {"$exists": False}})
        if gone.deleted_count:
            return
    if counts and is_worn_out(city, row, row["attempts"]):
        await settle(city, row, problem)
        return
    pause = min(2 ** min(row["attempts"], MOST_ATTEMPTS), _LONGEST_PAUSE_SECONDS)
    due_at = city.clock.now() + timedelta(seconds=pause)
    attempts = row["attempts"] - (not counts)
    fields = {"state": "HELD", "attempts": attempts, "work": release_work(due_at)}
    await log.update_one(own, {"$set": fields, "$unset": {"lease_until": ""}})
