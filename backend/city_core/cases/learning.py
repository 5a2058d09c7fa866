"""Which steps teach the models of detection something, and what; the step's own write plans it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.cases.vocabulary import Action, State
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor, Role

LEARN = "learn"
WITHDRAWN_STATES = frozenset({State.CANCELLED, State.VOID})
_TAKES_BACK = frozenset({Action.CANCEL, Action.DECIDE_VOID})
_EXISTS = "EXISTS"


def learnt_by(after: Mapping[str, Any], action: Action, actor: Actor) -> dict[str, Any] | None:
    """Say what a step teaches; None for nothing. Only a person's word counts, on what a model saw.

    Saying on the spot that it is there, and filing, say what the photos show. Turning a report down says that
    they show nothing, unless somebody had seen it on the spot. A report that is taken back takes along what
    it taught. Parts of a split case teach nothing of their own.
    """
    if not after.get("detections"):
        return None
    if action in _TAKES_BACK and after["state"] in WITHDRAWN_STATES:
        return {"withdraws": True}
    if actor.role is Role.SYSTEM or after.get("parent_id") is not None:
        return None
    seen_there = after.get("verification") == _EXISTS
    decides = action is Action.FILE or (action is Action.VERIFY and seen_there)
    if decides and after["type_code"] is not None:
        return {"type_code": after["type_code"], "rejects": False}
    if action is Action.REJECT and not seen_there:
        return {"type_code": None, "rejects": True}
    return None


def work_of_learning(
    after: Mapping[str, Any], action: Action, actor: Actor, seq: int, now: datetime
) -> list[WorkItem]:
    """Plan that examples are drawn from a step, or withdrawn after it."""
    taught = learnt_by(after, action, actor)
    if taught is None:
        return []
    step = {"step": seq, "decided_by": actor.person_id, "decided_at": now}
    return [WorkItem(LEARN, f"{LEARN}:{seq}", now, {**taught, **step})]
