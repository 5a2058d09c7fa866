"""One step as it goes on record: what it changes, what has to follow, the row in the history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from city_core.cases.command import Command
from city_core.cases.notices import Notice
from city_core.cases.vocabulary import Action, State
from city_core.kit.mongo import Row
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor


@dataclass(frozen=True)
class Step:
    """What somebody's action does to a case: what it changes, and what has to follow.

    `to` names the state where the table leaves a choice; `facts` are what deadlines and figures are later
    recomputed from; `drops_work` names kinds of pending work that have become pointless; `tells` are messages
    beyond those that every step of its kind sends.
    """

    changes: Mapping[str, Any] = field(default_factory=dict)
    opinion: str = ""
    new_photos: Sequence[Row] = ()
    receiver_id: str | None = None
    receiver_department_id: str | None = None
    reasons: Sequence[Row] = ()
    work: Sequence[WorkItem] = ()
    to: State | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    drops_work: Collection[str] = ()
    tells: Sequence[Notice] = ()


Decide = Callable[[Row], Awaitable[Step]]


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
        "device_time": command.device_time if command and not actor.is_unknown else None,
        "made_at": command.made_at if command and not actor.is_unknown else None,
        "origin": _origin(actor, command),
        "opinion": step.opinion,
        "media_ids": [photo["media_id"] for photo in step.new_photos],
        "receiver_id": step.receiver_id,
        "receiver_department_id": step.receiver_department_id,
        "reasons": list(step.reasons),
        "facts": dict(step.facts),
        "changed": [],
        "command_id": command.client_id if command else None,
        "input_hash": mark,
    }


def _origin(actor: Actor, command: Command | None) -> str:
    """Name where a step came from; of somebody unknown only that it was a phone."""
    if command is None:
        return "rule"
    return "phone" if actor.is_unknown else command.origin
