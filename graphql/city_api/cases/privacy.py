"""Whose names a viewer may read: citizens see posts, not staff; officers do not learn who reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.workflow import Action
from city_core.people.roles import Actor, Role


def sees_staff_names(viewer: Actor) -> bool:
    """Tell whether somebody may read the names of staff."""
    return viewer.role is not Role.CITIZEN


_NOT_FOR_CITIZENS = frozenset({
    Action.NOTE_ROUTING_FAULT, Action.ESCALATE, Action.SUPERVISE, Action.URGE, Action.CONFIRM_SUPERVISION,
    Action.REQUEST_EXTENSION, Action.REQUEST_SUSPENSION, Action.REQUEST_VOID, Action.REQUEST_FORCED_CLOSE,
    Action.APPEAL, Action.DECIDE_APPEAL, Action.WITHDRAW_REQUEST, Action.JOIN, Action.TAKE_IN,
    Action.GIVE_OUT, Action.MARK_RECURRENCE, Action.SWITCH_CLOCK, Action.RETURN_TO_ACCEPTOR,
})  # fmt: skip


_FOR_CITIZENS_WHEN_THE_CASE_MOVES = frozenset({
    Action.DECIDE_EXTENSION, Action.DECIDE_SUSPENSION, Action.DECIDE_VOID, Action.DECIDE_FORCED_CLOSE,
})  # fmt: skip


def sees_step(viewer: Actor, step: Mapping[str, Any]) -> bool:
    """Tell whether somebody may read a step: what goes on between the posts is not for citizens."""
    action = Action(step["action"])
    if viewer.role is not Role.CITIZEN:
        return True
    if action in _FOR_CITIZENS_WHEN_THE_CASE_MOVES:
        return bool(step["from_state"] != step["to_state"])
    return action not in _NOT_FOR_CITIZENS


def name_in_history(viewer: Actor, case: Mapping[str, Any], step: Mapping[str, Any]) -> str | None:
    """Give the name of whoever took a step, where this viewer may read it."""
    if step["role"] == Role.SYSTEM or step["person_id"] == viewer.person_id:
        return str(step["person_name"])
    if viewer.role is Role.CITIZEN:
        return None
    if viewer.role is Role.OFFICER and step["person_id"] == case["reporter_id"]:
        return None
    return str(step["person_name"])
