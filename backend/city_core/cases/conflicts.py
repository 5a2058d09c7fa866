"""Whether what a person saw of a case still holds for the step that they took, perhaps long ago, offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.vocabulary import Action, State
from city_core.cases.workflow import TRANSITIONS
from city_core.kit.conflicts import CommandConflict
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

Case = Mapping[str, Any]

# What phones see of a case, by their name for it, and how it is stored.
_SEEN: Mapping[str, tuple[str, ...]] = {
    "type": ("type_code",),
    "condition": ("condition_id",),
    "department": ("department_id",),
    "task": ("task", "assignee_id"),
    "level": ("level",),
    "deadlineAt": ("deadline_at",),
}

# What of it matters to a step beside whether the state still allows it; in the order in which it is told.
_HANDLING = ("state", "type", "condition", "department", "task")
_MATTERS: Mapping[Action, tuple[str, ...]] = {
    Action.VERIFY: ("state", "type", "task"),
    Action.FILE: ("state", "type", "condition"),
    Action.REJECT: ("state", "type", "condition"),
    Action.DISPATCH: ("state", "type", "department", "task", "level"),
    Action.DECIDE_DEPARTMENT: ("state", "type", "department", "task", "level"),
    Action.ACCEPT: _HANDLING,
    Action.RETURN: ("state", "department", "task"),
    Action.REPORT_HANDLED: _HANDLING,
    Action.REQUEST_EXTENSION: ("state", "department", "task", "deadlineAt"),
    Action.REQUEST_SUSPENSION: ("state", "department", "task"),
    Action.UPGRADE: ("state", "department", "level"),
    Action.DOWNGRADE: ("state", "department", "level"),
    Action.PASS_CHECK: ("state", "task"),
    Action.FAIL_CHECK: ("state", "task"),
    Action.SEND_BACK: ("state",),
    Action.CLOSE: ("state",),
}

# What is only added to a case never conflicts: the table of steps alone says whether it is possible.
_NEVER = frozenset({
    Action.ADD_PHOTOS, Action.JOIN, Action.ANSWER_AS_ASSISTANT, Action.CONFIRM_SUPERVISION, Action.URGE,
    Action.SUPERVISE, Action.RECORD_DETECTIONS, Action.WEIGH_EVIDENCE, Action.ASK_REPORTER,
    Action.ANSWER_QUESTION,
})  # fmt: skip


def changed_fields(before: Case, after: Case) -> list[str]:
    """Name what a step has changed of what phones see, for its row in the history."""
    return [name for name, path in _SEEN.items() if _at(before, path) != _at(after, path)]


def refuse_conflict(case: Case, actor: Actor, action: Action, base_version: int | None) -> None:
    """Refuse a step that was decided on an older version, if what has changed since matters to it.

    What the person has done meanwhile themself is no news to them. Without a base nothing is compared.
    """
    if base_version is None:
        return
    if not 1 <= base_version <= case["version"]:
        raise CityProblem("BASE_VERSION_UNKNOWN", field="baseVersion", allowed=f"1 to {case['version']}")
    found = conflicts(case, actor, action, base_version)
    if found:
        raise CommandConflict(found, case["version"], case["state"])


def conflicts(case: Case, actor: Actor, action: Action, base_version: int) -> tuple[str, ...]:
    """Name what has changed since a version that matters to a step, in the phones' words."""
    if action in _NEVER:
        return ()
    own = [
        row for row in case["history"] if row["seq"] == base_version or row["person_id"] == actor.person_id
    ]
    news = [
        row for row in case["history"] if row["seq"] > base_version and row["person_id"] != actor.person_id
    ]
    changed = {name for row in news for name in row.get("changed", ())}
    if _assignee(case) == actor.person_id:
        changed.discard("task")
    if actor.department_id is not None and case.get("department_id") == actor.department_id:
        changed.discard("department")
    if news and own and own[-1]["to_state"] != case["state"]:
        changed.add("state")
    matters = _MATTERS.get(action, ())
    if (State(case["state"]), action) not in TRANSITIONS:
        matters = ("state", *(name for name in matters if name != "state"))
    return tuple(name for name in matters if name in changed)


def _assignee(case: Case) -> Any:
    return _at(case, _SEEN["task"])


def _at(case: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        case = case.get(name) if case is not None else None
    return case
