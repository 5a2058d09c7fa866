"""A phone hands over what was done offline: written down first, then carried out in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city_core.commands.batch import Batch, Queued, check_batch, held_row
from city_core.commands.log import COLLECTION, KEPT, release_work
from city_core.commands.outcomes import Status, outcome_of, problem_in, reused
from city_core.commands.queue import QUEUES, check_queues, drain, open_queue, patience, queue_of
from city_core.kit.city import City
from city_core.kit.mongo import BulkWriteError, Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

MOST_HELD = 500


@dataclass(frozen=True)
class Outcome:
    """What became of one command, under the id that the phone gave; `row` is what is kept of it."""

    client_id: str
    status: Status
    sequence: int | None = None
    problem: CityProblem | None = None
    row: Row | None = None


async def run_batch(city: City, actor: Actor, batch: Batch) -> list[Outcome]:
    """Keep the commands of a batch, carry out what is ready, and answer each in the order of the batch.

    When this has answered, every command is kept: what is held for an earlier one will be carried out though
    the phone never comes back.
    """
    check_batch(batch)
    await check_queues(city, actor.person_id, batch.device_id)
    now = city.clock.now()
    rows = [held_row(actor, batch, queued, now, now + patience(city)) for queued in batch.commands]
    before = await _known(city, rows)
    queue_id = queue_of(actor.person_id, batch.device_id)
    await open_queue(city, actor.person_id, batch.device_id)
    await _keep(city, queue_id, rows, before)
    await _pass_over(city, actor, batch, rows, before)
    await drain(city, actor, queue_id)
    after = await _known(city, rows)
    return [_answer(queued, row, before, after) for queued, row in zip(batch.commands, rows, strict=True)]


def outcome_from(client_id: str, row: Row | None, applied: Status = Status.APPLIED) -> Outcome:
    """See what is kept of a command as its phone is told."""
    if row is None:
        return Outcome(client_id, Status.UNKNOWN)
    if row["state"] != "DONE":
        status = Status.HELD if "queue_id" in row else Status.IN_PROGRESS
        return Outcome(client_id, status, row.get("sequence"), row=row)
    status = Status(row["outcome"]["status"])
    shown = applied if status is Status.APPLIED else status
    return Outcome(client_id, shown, row.get("sequence"), problem_in(row["outcome"]), row)


def _answer(queued: Queued, row: Row | CityProblem, before: dict[str, Row], after: dict[str, Row]) -> Outcome:
    problem = row if isinstance(row, CityProblem) else None
    if not isinstance(row, CityProblem):
        known = after.get(row["_id"])
        if known is None or known["input_hash"] == row["input_hash"]:
            was_done = row["_id"] in before and before[row["_id"]]["state"] == "DONE"
            found = outcome_from(queued.client_id, known, Status.DUPLICATE if was_done else Status.APPLIED)
            return Outcome(found.client_id, found.status, queued.sequence, found.problem, found.row)
        problem = reused()
    return Outcome(queued.client_id, Status.REJECTED, queued.sequence, problem)


async def _known(city: City, rows: Sequence[Row | CityProblem]) -> dict[str, Row]:
    keys = [row["_id"] for row in rows if not isinstance(row, CityProblem)]
    found = city.database[COLLECTION].find({"_id": {"$in": keys}}, {"given": 0, "work": 0})
    return {row["_id"]: row async for row in found}


async def _keep(city: City, queue_id: str, rows: Sequence[Row | CityProblem], before: dict[str, Row]) -> None:
    fresh: dict[str, Row] = {}
    for row in rows:
        if not isinstance(row, CityProblem) and row["_id"] not in before:
            fresh.setdefault(row["_id"], row)
    log = city.database[COLLECTION]
    held = await log.count_documents({"queue_id": queue_id, "state": "HELD"}, limit=2 * MOST_HELD)
    most = 2 * MOST_HELD if fresh and await _brings_the_next(city, queue_id, fresh) else MOST_HELD
    if fresh and held + len(fresh) > most:
        raise CityProblem("COMMAND_QUEUE_FULL", field="commands", allowed=f"{MOST_HELD} that wait")
    if fresh:
        try:
            await log.insert_many(list(fresh.values()), ordered=False)
        except BulkWriteError as error:  # the same batch, or the same command, came twice at once
            if any(fault["code"] != 11000 for fault in (error.details or {}).get("writeErrors", ())):
                raise
    for row in rows:
        if not isinstance(row, CityProblem) and row["_id"] in before:
            await _adopt(city, row, before[row["_id"]])


async def _brings_the_next(city: City, queue_id: str, fresh: Mapping[str, Row]) -> bool:
    """Tell whether a batch has what all the others wait for: that is taken in though many wait."""
    queue = await city.database[QUEUES].find_one({"_id": queue_id}, {"last": 1})
    lowest = min(row["sequence"] for row in fresh.values())
    return queue is not None and bool(lowest <= queue["last"] + 1)


async def _adopt(city: City, row: Row, known: Row) -> None:
    """Make sure of a command that was sent by itself and is still being carried out."""
    if known["state"] == "RUNNING" and "queue_id" not in known and known["input_hash"] == row["input_hash"]:
        query = {"_id": row["_id"], "state": "RUNNING", "queue_id": {"$exists": False}}
        names = ("queue_id", "device_id", "sequence", "given", "photo_ids", "made_at", "skew_ms")
        kept: dict[str, Any] = {name: row[name] for name in names}
        work = release_work(known["lease_until"])
        await city.database[COLLECTION].update_one(
            query, {"$set": {**kept, "work": work}, "$unset": {"expires_at": ""}}
        )


async def _pass_over(
    city: City, actor: Actor, batch: Batch, rows: Sequence[Row | CityProblem], before: dict[str, Row]
) -> None:
    """Note the numbers under which nothing will come: what follows them need not wait."""
    queue_id = queue_of(actor.person_id, batch.device_id)
    now = city.clock.now()
    seen: dict[str, int] = {}
    for queued, row in zip(batch.commands, rows, strict=True):
        if not isinstance(row, CityProblem):
            known = before.get(row["_id"])
            first = seen.setdefault(row["_id"], queued.sequence)
            is_settled = known is not None and (
                known["input_hash"] != row["input_hash"]
                or (known["state"] == "DONE" and known.get("sequence") != queued.sequence)
            )
            if first == queued.sequence and not is_settled:
                continue
        passed = {
            "person_id": actor.person_id, "client_id": None, "name": queued.name, "input_hash": "",
            "state": "DONE", "outcome": outcome_of(reused()), "device_id": batch.device_id,
            "received_at": now, "settled_at": now, "expires_at": now + KEPT, "origin": batch.origin,
            "queue_id": queue_id, "sequence": queued.sequence,
        }  # fmt: skip
        key = f"{queue_id}#{queued.sequence}"
        await city.database[COLLECTION].update_one({"_id": key}, {"$setOnInsert": passed}, upsert=True)
