"""Puts one decision on an event on record: one compare-and-set write, and the work that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from city_core.cases.command import Command
from city_core.eye.model import EVENTS
from city_core.kit.city import City
from city_core.kit.mongo import Row, literal, set_stage
from city_core.kit.work import Claim, WorkItem, wakes_for, work_stage
from city_core.people.roles import Actor

TRIES = 10


@dataclass(frozen=True)
class EventChange:
    """What a decision does to an event: its fields, the row in its history, the work that has to follow."""

    changes: Mapping[str, Any]
    step: Row | None = None
    work: Sequence[WorkItem] = field(default_factory=tuple)


async def write_change(
    city: City, event: Row, change: EventChange, finishes: Claim | None = None
) -> Row | None:
    """Write a change if the event is still as it was; None when somebody was faster."""
    stages = [
        set_stage({**change.changes, "version": event["version"] + 1}),
        work_stage(change.work, finishes),
    ]
    if change.step is not None:
        stages.append({"$set": {"history": {"$concatArrays": ["$history", [literal(change.step)]]}}})
    changed: Row | None = await city.database[EVENTS].find_one_and_update(
        {"_id": event["_id"], "version": event["version"], **(finishes.filter if finishes else {})},
        stages,
        return_document=True,
    )
    if changed is not None:
        for wake in wakes_for(EVENTS, event["_id"], change.work):
            city.waker.wake(wake)
        city.waker.announce(channel_of(changed["place"]["street_code"]), {"event": event["_id"]})
    return changed


def step_row(
    city: City,
    actor: Actor,
    action: str,
    note: str = "",
    command: Command | None = None,
    mark: str | None = None,
) -> Row:
    """Make the row that stays on record: who decided what, when, why."""
    return {
        "action": action, "at": city.clock.now(), "person_id": actor.person_id, "person_name": actor.name,
        "note": note, "command_id": command.client_id if command else None, "input_hash": mark,
    }  # fmt: skip


def channel_of(street_code: str) -> str:
    """Name the channel on which the events of a street are told."""
    return f"eye:{street_code}"
