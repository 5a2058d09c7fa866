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
    Action.CHANGE_ASSISTANT, Action.WEIGH_EVIDENCE,
})  # fmt: skip

_OTHER_REPORTERS_OWN = frozenset({Action.RATE, Action.ADD_PHOTOS, Action.ANSWER_QUESTION})
_REPORTING = frozenset({Action.SUBMIT, Action.SUBMIT_HANDLED, Action.JOIN, Action.ADD_PHOTOS})


_FOR_CITIZENS_WHEN_THE_CASE_MOVES = frozenset({
    Action.DECIDE_EXTENSION, Action.DECIDE_SUSPENSION, Action.DECIDE_VOID, Action.DECIDE_FORCED_CLOSE,
})  # fmt: skip


def sees_step(viewer: Actor, step: Mapping[str, Any]) -> bool:
    """Tell whether somebody may read a step: what goes on between the posts is not for citizens."""
    action = Action(step["action"])
    if viewer.role is not Role.CITIZEN or step["person_id"] == viewer.person_id:
        return True
    if action is Action.ASK_REPORTER:
        return bool(step["facts"]["asked_id"] == viewer.person_id)
    if action in _FOR_CITIZENS_WHEN_THE_CASE_MOVES:
        return bool(step["from_state"] != step["to_state"])
    others_own = step["role"] != Role.OFFICER and action in _OTHER_REPORTERS_OWN
    return not others_own and action not in _NOT_FOR_CITIZENS


def photos_of_step(viewer: Actor, step: Mapping[str, Any]) -> list[str]:
    """Name the photos of a step; what somebody sent with a report is not for other citizens."""
    is_report = step["role"] != Role.OFFICER and step["action"] in _REPORTING
    if viewer.role is Role.CITIZEN and is_report and step["person_id"] != viewer.person_id:
        return []
    return list(step["media_ids"])


def name_in_history(viewer: Actor, case: Mapping[str, Any], step: Mapping[str, Any]) -> str | None:
    """Give the name of whoever took a step, where this viewer may read it."""
    if step["role"] == Role.SYSTEM or step["person_id"] == viewer.person_id:
        return str(step["person_name"])
    if viewer.role is Role.CITIZEN:
        return None
    if viewer.role is Role.OFFICER and _is_of_a_reporter(case, step):
        return None
    return str(step["person_name"])


def _is_of_a_reporter(case: Mapping[str, Any], step: Mapping[str, Any]) -> bool:
    """The name of whoever reported or joined is not told by any of their steps."""
    joined = {row["person_id"] for row in case["history"] if row["action"] == Action.JOIN}
    return step["role"] == Role.CITIZEN or step["person_id"] in {case["reporter_id"], *joined}
