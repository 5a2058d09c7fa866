"""Whom a case waits for: whoever holds its task, and each officer who owes an answer as an assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.workflow import OPEN_STATES
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


def waits_for(actor: Actor) -> Row:
    """Give the filter of the open cases that wait for somebody."""
    is_open = {"state": {"$in": sorted(OPEN_STATES)}}  # in each branch, so that each can use its index
    owes = {"$elemMatch": {"assignee_id": actor.person_id, "answered_at": None}}
    return {
        "$or": [
            {"task.assignee_id": actor.person_id, **is_open},
            {"assistants.assignee_id": actor.person_id, "assistants": owes, **is_open},
        ]
    }


def is_waited_for(actor: Actor, case: Mapping[str, Any]) -> bool:
    """Tell whether a case waits for somebody; agrees with `waits_for` (under test)."""
    return case["state"] in OPEN_STATES and actor.person_id in people_waited_for(case)


def people_waited_for(case: Mapping[str, Any]) -> set[str]:
    """Name the people whom a case, as long as it is open, waits for."""
    task = case.get("task")
    waited = {task["assignee_id"]} if task else set()
    owing = (row for row in case.get("assistants") or () if row.get("answered_at") is None)
    waited |= {row.get("assignee_id") for row in owing}
    return {person_id for person_id in waited if person_id}
