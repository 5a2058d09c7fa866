"""Who is told about a step: whoever got or lost a task or asked for something, and citizens who reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.cases.reports import citizens_who_reported
from city_core.cases.workflow import Action


class NoticeKind(StrEnum):
    """What an inbox message and its push are about."""

    TASK_ASSIGNED = "TASK_ASSIGNED"
    TASK_WITHDRAWN = "TASK_WITHDRAWN"
    CASE_PROGRESS = "CASE_PROGRESS"
    PHOTO_REFUSED = "PHOTO_REFUSED"
    LIMIT_CHANGED = "LIMIT_CHANGED"
    EMERGENCY_STARTED = "EMERGENCY_STARTED"
    EMERGENCY_ENDED = "EMERGENCY_ENDED"
    DRILL_STARTED = "DRILL_STARTED"
    DRILL_ENDED = "DRILL_ENDED"
    CENSUS_STARTED = "CENSUS_STARTED"
    REQUEST_TO_REVIEW = "REQUEST_TO_REVIEW"
    REQUEST_DECIDED = "REQUEST_DECIDED"
    CASE_UNASSIGNED = "CASE_UNASSIGNED"
    CASE_WARNING = "CASE_WARNING"
    YELLOW_CARD = "YELLOW_CARD"
    RED_CARD = "RED_CARD"
    SUPERVISED = "SUPERVISED"
    URGED = "URGED"
    ROUTING_FAULT = "ROUTING_FAULT"
    QUESTION_ASKED = "QUESTION_ASKED"
    QUESTION_ANSWERED = "QUESTION_ANSWERED"
    COLLEAGUE_UNREACHED = "COLLEAGUE_UNREACHED"
    RECEIVER_UNREACHED = "RECEIVER_UNREACHED"


@dataclass(frozen=True)
class Notice:
    """One message to one person."""

    person_id: str
    kind: NoticeKind

    def row(self) -> dict[str, str]:
        return {"person_id": self.person_id, "kind": self.kind.value}


_TAKES_A_TASK_AWAY = frozenset({
    Action.DISPATCH, Action.DECIDE_DEPARTMENT, Action.UPGRADE, Action.DOWNGRADE, Action.MERGE,
    Action.DECIDE_VOID, Action.DECIDE_FORCED_CLOSE, Action.DECIDE_SUSPENSION, Action.SPLIT,
})  # fmt: skip
# What happens between the posts (requests, supervision, levels, clocks) is not the reporter's news.
_TOLD_TO_THE_REPORTER = frozenset({
    Action.REQUEST_VERIFICATION, Action.ADMIT, Action.VERIFY, Action.FILE, Action.REJECT, Action.CANCEL,
    Action.DISPATCH, Action.RETURN, Action.DECIDE_DEPARTMENT, Action.ACCEPT, Action.REPORT_HANDLED,
    Action.REQUEST_CHECK, Action.PASS_CHECK, Action.FAIL_CHECK, Action.SEND_BACK, Action.CLOSE, Action.RATE,
    Action.RESUME, Action.MERGE, Action.UNMERGE, Action.FILE_FOLLOW_UP,
})  # fmt: skip
_TOLD_WHEN_THEY_END_THE_CASE = frozenset(
    {Action.DECIDE_VOID, Action.DECIDE_FORCED_CLOSE, Action.DECIDE_SUSPENSION, Action.APPROVE_SPOT}
)


def notices_of(before: Mapping[str, Any], after: Mapping[str, Any], action: Action) -> list[Notice]:
    """List who is told about a step, from the case before and after it."""
    notices = []
    had, has = _assignee(before), _assignee(after)
    new_task = (after.get("task") or {}).get("seq") != (before.get("task") or {}).get("seq")
    if has is not None and new_task:
        notices.append(Notice(has, NoticeKind.TASK_ASSIGNED))
    if had is not None and had != has and action in _TAKES_A_TASK_AWAY:
        notices.append(Notice(had, NoticeKind.TASK_WITHDRAWN))
    is_whole = after.get("parent_id") is None  # of its parts the reporter hears through the whole case only
    if is_whole and _is_news(before, after, action):
        notices += [Notice(person, NoticeKind.CASE_PROGRESS) for person in citizens_who_reported(after)]
    return notices if action is Action.WITHDRAW_REQUEST else [*notices, *_outcomes(before, after)]


def _outcomes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Notice]:
    """Tell whoever asked for something what became of it, also when the case went on without an answer."""
    waited = {row["id"] for row in before.get("requests", ()) if row["state"] == "PENDING"}
    return [
        Notice(row["asked_by"], NoticeKind.REQUEST_DECIDED)
        for row in after.get("requests", ())
        if row["id"] in waited and row["state"] != "PENDING"
    ]


def _is_news(before: Mapping[str, Any], after: Mapping[str, Any], action: Action) -> bool:
    moved = before.get("state") != after.get("state")
    return action in _TOLD_TO_THE_REPORTER or (action in _TOLD_WHEN_THEY_END_THE_CASE and moved)


def _assignee(case: Mapping[str, Any]) -> str | None:
    task = case.get("task")
    return task["assignee_id"] if task else None
