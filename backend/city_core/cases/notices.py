"""Who is told about a step: whoever got or lost a task, and the citizen who reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.cases.workflow import Action


class NoticeKind(StrEnum):
    """What an inbox message and its push are about."""

    TASK_ASSIGNED = "TASK_ASSIGNED"
    TASK_WITHDRAWN = "TASK_WITHDRAWN"
    CASE_PROGRESS = "CASE_PROGRESS"
    PHOTO_REFUSED = "PHOTO_REFUSED"


@dataclass(frozen=True)
class Notice:
    """One message to one person."""

    person_id: str
    kind: NoticeKind

    def row(self) -> dict[str, str]:
        return {"person_id": self.person_id, "kind": self.kind.value}


_TOLD_TO_THE_REPORTER = frozenset(Action) - {Action.RECORD_DETECTIONS, Action.ADD_PHOTOS, Action.SUBMIT}


def notices_of(before: Mapping[str, Any], after: Mapping[str, Any], action: Action) -> list[Notice]:
    """List who is told about a step, from the case before and after it."""
    notices = []
    had, has = _assignee(before), _assignee(after)
    new_task = (after.get("task") or {}).get("seq") != (before.get("task") or {}).get("seq")
    if has is not None and new_task:
        notices.append(Notice(has, NoticeKind.TASK_ASSIGNED))
    if had is not None and had != has and action is Action.DISPATCH:
        notices.append(Notice(had, NoticeKind.TASK_WITHDRAWN))
    if after["source"] == "CITIZEN" and action in _TOLD_TO_THE_REPORTER:
        notices.append(Notice(after["reporter_id"], NoticeKind.CASE_PROGRESS))
    return notices


def _assignee(case: Mapping[str, Any]) -> str | None:
    task = case.get("task")
    return task["assignee_id"] if task else None
