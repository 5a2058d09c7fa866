"""Puts one step of an emergency on record: state, history and pending work in one compare-and-set write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from city_core.audit.record import Deed, Subject, entry_of, record_within
from city_core.audit.verbs import Kind, Verb
from city_core.cases.command import Command
from city_core.cases.emergency.model import COLLECTION
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, literal, set_stage
from city_core.kit.problems import CityProblem
from city_core.kit.work import SOON, WorkItem, wakes_for, work_stage
from city_core.people.roles import Actor, Role

_TRIES = 10


@dataclass(frozen=True)
class EmergencyChange:
    """What a step changes in an emergency, and what has to follow."""

    changes: Mapping[str, Any]
    note: str = ""
    work: Sequence[WorkItem] = field(default_factory=tuple)
    drops_work: Sequence[str] = ()


Decide = Callable[[Row], EmergencyChange]


async def change_emergency(
    city: City,
    actor: Actor,
    emergency_id: str,
    action: str,
    decide: Decide,
    *,
    command: Command | None = None,
    mark: str | None = None,
    session: Session | None = None,
) -> Row:
    """Take one step on an emergency: load, decide, one write; the caller wakes after it."""
    for _ in range(_TRIES):
        emergency = await load_emergency(city, actor, emergency_id, session)
        if command is not None and _is_repeated(emergency, actor, command, mark):
            return emergency
        change = decide(emergency)
        after = {**emergency, **change.changes, "version": emergency["version"] + 1}
        row = step_row(city, actor, action, after, change.note, command, mark)
        changed: Row | None = await city.database[COLLECTION].find_one_and_update(
            {"_id": emergency_id, "version": emergency["version"]},
            [
                set_stage({**change.changes, "version": after["version"]}),
                {"$set": {"history": {"$concatArrays": ["$history", [literal(row)]]}}},
                work_stage(change.work, None, change.drops_work),
            ],
            return_document=True,
            session=session,
        )
        if changed is not None:
            if session is not None:
                await note_step(city, actor, changed, row, session)
            return changed
    raise CityProblem("CASE_BUSY")


async def note_step(city: City, actor: Actor, emergency: Row, step: Row, session: Session) -> None:
    """Put a step of an emergency on record in the audit log, in the transaction of the step."""
    subject = Subject(Kind.EMERGENCY, emergency["_id"])
    detail = f"{step['action']} {emergency['profile']}{', drill' if emergency['is_drill'] else ''}"
    reason = "" if step["action"] == "START" else step["note"]  # an order's note names whose authority it has
    deed = Deed(Verb.EMERGENCY_CHANGED, subject, reason, detail, step["command_id"] or "")
    await record_within(city, session, await entry_of(city, actor, deed))


async def load_emergency(city: City, actor: Actor, emergency_id: str, session: Session | None = None) -> Row:
    """Load an emergency; one that is partly in other streets than a leader's is not theirs to change.

    One that is in none of them does not exist for them (EMERGENCY_UNKNOWN), as when they read.
    """
    row: Row | None = await city.database[COLLECTION].find_one({"_id": emergency_id}, session=session)
    streets = set(row["touched_street_codes"]) if row is not None else set()
    if row is None or (actor.role is Role.LEADER and streets.isdisjoint(actor.street_codes)):
        raise CityProblem("EMERGENCY_UNKNOWN", field="emergencyId", allowed="an id of emergencies")
    if actor.role is not Role.SYSTEM and not streets <= actor.street_codes:
        raise CityProblem("NOT_ALLOWED", field="emergencyId", allowed="a leader of all streets of its area")
    return row


def check_leads(actor: Actor) -> None:
    """Refuse whoever may not switch between normal and emergency."""
    if actor.role is not Role.LEADER:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=Role.LEADER.value)


def step_row(
    city: City,
    actor: Actor,
    action: str,
    emergency: Mapping[str, Any],
    note: str,
    command: Command | None,
    mark: str | None,
) -> Row:
    """Make the row that stays on record: who, what, when, until when it lasts."""
    return {
        "seq": emergency["version"], "action": action, "at": city.clock.now(),
        "person_id": actor.person_id, "role": actor.role.value, "person_name": actor.name, "note": note,
        "ends_at": emergency["ends_at"], "command_id": command.client_id if command else None,
        "input_hash": mark,
    }  # fmt: skip


def switching(at: datetime, after: str | None = None) -> WorkItem:
    """Ask for the clocks of the cases to be compared with what they should be, from one case on."""
    return WorkItem("switch_clocks", "switch_clocks", at, {"after": after})


def telling(city: City, emergency: Mapping[str, Any], seq: int, *, over: bool) -> WorkItem:
    """Ask for everybody concerned to be told that an emergency, or a drill, has begun or is over."""
    kind = ("DRILL" if emergency["is_drill"] else "EMERGENCY") + ("_ENDED" if over else "_STARTED")
    return WorkItem("tell_emergency", f"tell_emergency:{seq}", city.clock.now(), {"kind": kind, "seq": seq})


def wake_after(city: City, emergency: Row) -> None:
    """Wake whoever has something to do about an emergency now; what is due later, the sweep finds."""
    soon = city.clock.now() + SOON
    items = [
        WorkItem(row["kind"], row["key"], row["due_at"])
        for row in emergency["work"]
        if row["due_at"] is not None and row["due_at"] <= soon and row["token"] is None
    ]
    for wake in wakes_for(COLLECTION, emergency["_id"], items):
        city.waker.wake(wake)


def _is_repeated(emergency: Row, actor: Actor, command: Command, mark: str | None) -> bool:
    for row in emergency["history"]:
        if row["command_id"] == command.client_id and row["person_id"] == actor.person_id:
            if row["input_hash"] != mark:
                raise reused()
            return True
    return False


def reused() -> CityProblem:
    """Say that a command id was already used for something else."""
    return CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")


async def refuse_id_of_other(city: City, actor: Actor, emergency_id: str, command: Command) -> None:
    """Refuse a command id that its maker has used on another emergency."""
    made = {"$elemMatch": {"command_id": command.client_id, "person_id": actor.person_id}}
    query = {"history.command_id": command.client_id, "history": made, "_id": {"$ne": emergency_id}}
    if await city.database[COLLECTION].find_one(query, {"_id": 1}) is not None:
        raise reused()
