"""A level that used up its time passes the case up: the work that waits for that follows the clock.

Whatever moves the clock of the level (an extension, a suspension, another level) moves this work with it, in
the same write; no step of the loop needs to know of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.cases.levels.rules import above
from city_core.cases.workflow import TRANSITIONS, Action, State
from city_core.kit.work import WorkItem

KIND = "upgrade"


def level_timeout(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[set[str], list[WorkItem]]:
    """Say which pending work about the level's time is outdated by a step, and what takes its place."""
    planned = [item["input"]["due_at"] for item in before["work"] if item["kind"] == KIND]
    due_at = level_due_at(after)
    if planned == ([] if due_at is None else [due_at]):
        return set(), []
    if due_at is None:
        return {KIND}, []
    return {KIND}, [WorkItem(KIND, f"{KIND}:{after['version']}", due_at, {"due_at": due_at})]


def level_due_at(case: Mapping[str, Any]) -> datetime | None:
    """Tell when a case has to leave its level: never at the top, while checked, or while time stands."""
    if above(case["level"]) is None or (State(case["state"]), Action.UPGRADE) not in TRANSITIONS:
        return None
    clock: Mapping[str, Any] = case["clocks"].get("level") or {}
    return clock.get("due_at")
