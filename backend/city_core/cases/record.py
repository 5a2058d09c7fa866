"""Puts one step of the loop on record: state, history and pending work in one compare-and-set write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from city_core.cases.command import Command
from city_core.cases.notices import notices_of
from city_core.cases.visibility import may_see
from city_core.cases.workflow import Action, State, duties_kept_apart_from, next_state
from city_core.kit.city import City
from city_core.kit.mongo import Row, literal, set_stage
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, WorkItem, wakes_for, work_stage
from city_core.people.roles import Actor, Role

COLLECTION = "cases"
_TRIES = 10


@dataclass(frozen=True)
class Step:
    """What somebody's action does to a case: what it changes, and what has to follow."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    opinion: str = ""
    new_photos: Sequence[Row] = ()
    receiver_id: str | None = None
    receiver_department_id: str | None = None
    reasons: Sequence[Row] = ()
    work: Sequence[WorkItem] = ()


Decide = Callable[[Row], Awaitable[Step]]


async def change_case(
    city: City,
    actor: Actor,
    case_id: str,
    action: Action,
    decide: Decide,
    *,
    command: Command | None = None,
    mark: str | None = None,
    finishes: Claim | None = None,
) -> Row:
    """Take one step on a case: load, decide, one write, wake; repeats itself when somebody was faster."""
    for _ in range(_TRIES):
        case = await load_case(city, actor, case_id)
        if command is not None:
            if is_repeated(case, actor, command, mark):
                return case
            await _refuse_id_of_other_case(city, case_id, actor, command)
        to_state = next_state(State(case["state"]), action, actor.role)
        refuse_doer_of_other_duty(case, actor, action)
        step = await decide(case)
        changed = await _write(city, actor, case, action, to_state, step, command, mark, finishes)
        if changed is not None:
            return changed
        if finishes is not None and not await _still_claimed(city, finishes):
            return case
    raise CityProblem("CASE_BUSY")


async def load_case(city: City, actor: Actor, case_id: str) -> Row:
    """Load a case that somebody may see; what is not theirs does not exist for them."""
    case: Row | None = await city.database[COLLECTION].find_one({"_id": case_id})
    if case is None or not may_see(actor, case):
        raise CityProblem("CASE_NOT_FOUND")
    return case


def is_repeated(case: Row, actor: Actor, command: Command, mark: str | None) -> bool:
    """Tell whether this command was already carried out; the same id for something else is refused."""
    for row in case["history"]:
        if row["command_id"] == command.client_id and row["person_id"] == actor.person_id:
            if row["input_hash"] != mark:
                raise _reused()
            return True
    return False


async def _refuse_id_of_other_case(city: City, case_id: str, actor: Actor, command: Command) -> None:
    made = {"$elemMatch": {"command_id": command.client_id, "person_id": actor.person_id}}
    query = {"history.command_id": command.client_id, "history": made, "_id": {"$ne": case_id}}
    if await city.database[COLLECTION].find_one(query, {"_id": 1}) is not None:
        raise _reused()


def _reused() -> CityProblem:
    return CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")


def refuse_doer_of_other_duty(case: Row, actor: Actor, action: Action) -> None:
    """Keep reporting, dispatching, handling and checking apart (监管分离)."""
    if actor.role is Role.SYSTEM:
        return
    apart = duties_kept_apart_from(action)
    for row in case["history"]:
        if row["person_id"] == actor.person_id and row["action"] in apart:
            raise CityProblem("SEPARATION_OF_DUTIES", allowed=f"somebody who did not {row['action']}")


def doers_kept_apart(case: Row, action: Action) -> set[str]:
    """Name the people who may not do this step, because of what they did on this case."""
    apart = duties_kept_apart_from(action)
    return {row["person_id"] for row in case["history"] if row["action"] in apart}


async def _write(
    city: City,
    actor: Actor,
    case: Row,
    action: Action,
    to_state: State,
    step: Step,
    command: Command | None,
    mark: str | None,
    finishes: Claim | None,
) -> Row | None:
    now = city.clock.now()
    row = history_row(actor, action, step, case["state"], to_state, case["version"] + 1, now, command, mark)
    values = _values(case, actor, step, to_state, now)
    work = [*step.work, *_notify_work(case, {**case, **values}, action, row["seq"], now)]
    changed: Row | None = await city.database[COLLECTION].find_one_and_update(
        {"_id": case["_id"], "version": case["version"], **(finishes.filter if finishes else {})},
        [
            set_stage(values),
            {"$set": {
                "history": {"$concatArrays": ["$history", [literal(row)]]},
                "photos": {"$concatArrays": ["$photos", literal(list(step.new_photos))]},
            }},
            work_stage(work, finishes),
        ],
        return_document=True,
    )  # fmt: skip
    if changed is not None:
        wake_after(city, changed, work)
    return changed


def wake_after(city: City, case: Row, work: Sequence[WorkItem]) -> None:
    """Wake whoever has something to do now, and tell whoever looks at this case."""
    for wake in wakes_for(COLLECTION, case["_id"], work):
        city.waker.wake(wake)
    city.waker.announce(f"case:{case['_id']}", {"version": case["version"]})


def history_row(
    actor: Actor,
    action: Action,
    step: Step,
    from_state: str | None,
    to_state: State,
    seq: int,
    now: datetime,
    command: Command | None,
    mark: str | None,
) -> Row:
    """Make the row that stays on record: who, when, from where, from which state to which."""
    return {
        "seq": seq,
        "action": action.value,
        "from_state": from_state,
        "to_state": to_state.value,
        "person_id": actor.person_id,
        "role": actor.role.value,
        "person_name": actor.name,
        "at": now,
        "device_time": command.device_time if command else None,
        "origin": command.origin if command else "rule",
        "opinion": step.opinion,
        "media_ids": [photo["media_id"] for photo in step.new_photos],
        "receiver_id": step.receiver_id,
        "receiver_department_id": step.receiver_department_id,
        "reasons": list(step.reasons),
        "command_id": command.client_id if command else None,
        "input_hash": mark,
    }


def _values(case: Row, actor: Actor, step: Step, to_state: State, now: datetime) -> Row:
    involved = dict.fromkeys([*case["people_involved"], actor.person_id, step.receiver_id])
    return {
        **step.changes,
        "state": to_state.value,
        "version": case["version"] + 1,
        "updated_at": now,
        "people_involved": [person for person in involved if person and person != "system"],
    }


def _notify_work(before: Row, after: Row, action: Action, seq: int, now: datetime) -> list[WorkItem]:
    notices = notices_of(before, after, action)
    if not notices:
        return []
    messages = [notice.row() for notice in notices]
    return [WorkItem("notify", f"notify:{seq}", now, {"seq": seq, "messages": messages})]


async def _still_claimed(city: City, held: Claim) -> bool:
    query = {"_id": held.owner_id, **held.filter}
    return await city.database[held.collection].find_one(query, {"_id": 1}) is not None
