"""A person decides whether an event is one: confirmed it becomes a case, dismissed it stays silent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from city_core.cases.command import Command, input_hash
from city_core.catalogue.queries import checked_type
from city_core.eye.model import EVENTS, EventState
from city_core.eye.open_case import OPEN_CASE, open_case
from city_core.eye.queries import named
from city_core.eye.record import TRIES, EventChange, step_row, write_change
from city_core.eye.visible import check_decides, in_own_streets
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor

Decide = Callable[[Row], Awaitable[EventChange]]


async def confirm_event(
    city: City,
    actor: Actor,
    event_id: str,
    command: Command,
    *,
    type_code: str | None = None,
    condition_id: str | None = None,
    opinion: str = "",
) -> Row:
    """Confirm a candidate: a case is made of it, once, and sent to the nearest inspector for verification.

    Without a type the case has the one that its class stands for.
    """
    check_decides(actor)
    said = checked_text(opinion, field="opinion", most=500)
    if type_code is not None:
        await checked_type(city, type_code, condition_id)
    mark = input_hash("confirm_event", {"id": event_id, "type": [type_code, condition_id], "opinion": said})

    async def decide(event: Row) -> EventChange:
        changes = _decided(city, actor, EventState.CONFIRMED, said)
        if type_code is not None:
            changes |= {"type_code": type_code, "condition_id": condition_id}
        step = step_row(city, actor, "CONFIRM", said, command, mark)
        return EventChange(changes, step, [WorkItem(OPEN_CASE, OPEN_CASE, city.clock.now())])

    event = await _take(city, actor, event_id, command, mark, decide)
    return await named(city, await open_case(city, event))


async def dismiss_event(city: City, actor: Actor, event_id: str, command: Command, *, reason: str) -> Row:
    """Dismiss a candidate, with a reason; as long as it goes on being seen, nobody is asked again."""
    check_decides(actor)
    said = checked_text(reason, field="reason", most=200, least=1)
    mark = input_hash("dismiss_event", {"id": event_id, "reason": said})

    async def decide(event: Row) -> EventChange:
        step = step_row(city, actor, "DISMISS", said, command, mark)
        return EventChange(_decided(city, actor, EventState.DISMISSED, said), step)

    return await named(city, await _take(city, actor, event_id, command, mark, decide))


async def _take(city: City, actor: Actor, event_id: str, command: Command, mark: str, decide: Decide) -> Row:
    for _ in range(TRIES):
        event = await city.database[EVENTS].find_one({"_id": event_id, **in_own_streets(actor)})
        if event is None:
            raise CityProblem("EVENT_UNKNOWN", field="eventId", allowed="an id of eyeEvents")
        if _is_repeated(event, actor, command, mark):
            return event
        if event["state"] != EventState.CANDIDATE:
            raise CityProblem("EVENT_DECIDED", field="eventId", allowed="a candidate")
        changed = await write_change(city, event, await decide(event))
        if changed is not None:
            return changed
    raise CityProblem("CASE_BUSY")


def _is_repeated(event: Row, actor: Actor, command: Command, mark: str) -> bool:
    for row in event["history"]:
        if row["command_id"] == command.client_id and row["person_id"] == actor.person_id:
            if row["input_hash"] != mark:
                raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
            return True
    return False


def _decided(city: City, actor: Actor, state: EventState, reason: str) -> Row:
    return {
        "state": state.value, "decided_by": actor.person_id, "decided_at": city.clock.now(),
        "reason": reason, "decide_until": None,
    }  # fmt: skip
