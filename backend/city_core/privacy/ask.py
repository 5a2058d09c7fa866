"""A citizen asks for a copy of their data or for the end of their account, or takes that back."""

from __future__ import annotations

from datetime import timedelta

from city_core.cases.command import Command
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem, wakes_for
from city_core.people.own import own_rows
from city_core.people.roles import Actor, Role
from city_core.privacy.model import REQUESTS, DataRequestKind, DataRequestState

COPY_WORK, DELETION_WORK = "copy_my_data", "erase_person"
DELETION_WAITS = timedelta(days=7)
_MOST_SHOWN = 50
_MOST_COPIES_A_DAY = 3


async def ask_for_copy(city: City, actor: Actor, command: Command) -> Row:
    """Have a copy of one's own data made, once per client id; while one is being made, that one is answered.

    Refusals: NOT_ALLOWED for staff, TOO_MANY_TRIES beyond three a day.
    """
    _check_citizen(actor)
    known = await _known(city, actor, command, DataRequestKind.COPY)
    if known is None:
        since = {"$gt": city.clock.now() - timedelta(days=1)}
        mine = {"person_id": actor.person_id, "kind": DataRequestKind.COPY.value, "asked_at": since}
        if await city.database[REQUESTS].count_documents(mine) >= _MOST_COPIES_A_DAY:
            raise CityProblem("TOO_MANY_TRIES", allowed=f"{_MOST_COPIES_A_DAY} copies a day")
    return known or await _begin(city, actor, command, DataRequestKind.COPY, timedelta(0))


async def ask_for_deletion(city: City, actor: Actor, command: Command) -> Row:
    """Have one's account deleted in seven days; until then it goes on, and that can be withdrawn."""
    _check_citizen(actor)
    known = await _known(city, actor, command, DataRequestKind.DELETION)
    return known or await _begin(city, actor, command, DataRequestKind.DELETION, DELETION_WAITS)


async def withdraw_deletion(city: City, actor: Actor) -> Row:
    """Keep one's account after all; done already, it stays done. Refused once it has begun."""
    own = {"person_id": actor.person_id, "kind": DataRequestKind.DELETION.value}
    waiting = {**own, "state": DataRequestState.WAITING.value}
    change = {"state": DataRequestState.WITHDRAWN.value, "ended_at": city.clock.now(), "work": []}
    requests = city.database[REQUESTS]
    changed: Row | None = await requests.find_one_and_update(waiting, {"$set": change}, return_document=True)
    changed = changed or await requests.find_one(own, sort=[("asked_at", -1)])
    if changed is None or changed["state"] != DataRequestState.WITHDRAWN:
        raise CityProblem("DATA_REQUEST_UNKNOWN", allowed="a deletion that has not begun")
    return changed


async def my_data_requests(city: City, actor: Actor) -> list[Row]:
    """List what somebody asked about their own data, the latest first."""
    rows = city.database[REQUESTS].find(own_rows(actor), {"work": 0})
    found: list[Row] = await rows.sort("asked_at", -1).to_list(_MOST_SHOWN)
    return found


def _check_citizen(actor: Actor) -> None:
    if actor.role is not Role.CITIZEN:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=Role.CITIZEN)


async def _known(city: City, actor: Actor, command: Command, kind: DataRequestKind) -> Row | None:
    """Find the request that was made already: by this command, or one of its kind that goes on."""
    made: Row | None = await city.database[REQUESTS].find_one({"_id": command.client_id})
    if made is not None:
        if made["person_id"] != actor.person_id or made["kind"] != kind:
            raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
        return made
    going_on = {"$in": [DataRequestState.RUNNING.value, DataRequestState.WAITING.value]}
    own = {"person_id": actor.person_id, "kind": kind.value, "state": going_on}
    found: Row | None = await city.database[REQUESTS].find_one(own)
    return found


async def _begin(city: City, actor: Actor, command: Command, kind: DataRequestKind, waits: timedelta) -> Row:
    now = city.clock.now()
    work = COPY_WORK if kind is DataRequestKind.COPY else DELETION_WORK
    item = WorkItem(work, work, now + waits)
    row: Row = {
        "_id": command.client_id, "person_id": actor.person_id, "kind": kind.value,
        "state": DataRequestState.WAITING.value, "asked_at": now, "due_at": now + waits, "begun_at": None,
        "ended_at": None, "steps_done": [], "counts": {}, "file_id": None, "file_bytes": None,
        "file_until": None, "work": [item.row()],
    }  # fmt: skip
    try:
        await city.database[REQUESTS].insert_one(row)
    except DuplicateKeyError:  # asked for twice at the same moment
        known = await _known(city, actor, command, kind)
        if known is None:
            raise CityProblem("BUSY") from None
        return known
    if not waits:
        for wake in wakes_for(REQUESTS, command.client_id, [item]):
            city.waker.wake(wake)
    return row
