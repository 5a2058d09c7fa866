"""How a message goes from one rung to the next: pure rules over its rungs.

A rung is one work item of the message. What it sets out (hints, a text, a call, telling others) are work
items of their own, so that a provider that asks to wait keeps no rung waiting.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from city_core.kit.work import WorkItem
from city_core.notify.rungs import RungAction, Rungs

CLIMB, PUSH, TEXT, CALL, RELAY = "climb", "push", "text", "call", "relay"
_WORK_OF = {
    RungAction.SMS: TEXT,
    RungAction.VOICE: CALL,
    RungAction.NEXT_OFFICER: RELAY,
    RungAction.SUPERVISOR: RELAY,
}


class RungOutcome(StrEnum):
    """What became of a rung."""

    STARTED = "STARTED"  # under way
    PUSHED = "PUSHED"  # a hint is under way to every device
    SENT = "SENT"  # the provider has the text or the call
    TOLD = "TOLD"  # others were told
    READ = "READ"  # not needed: the person knows
    MUTED = "MUTED"  # the person wants no hints of this kind
    NO_DEVICE = "NO_DEVICE"
    NO_PHONE = "NO_PHONE"
    NOBODY = "NOBODY"  # nobody else is on duty
    FAILED = "FAILED"
    OVER = "OVER"  # the case moved on, or the message is days old


def climb_item(step: int, due_at: datetime) -> WorkItem:
    """Plan a rung; its key makes it one."""
    return WorkItem(CLIMB, f"{CLIMB}:{step}", due_at, {"step": step})


def next_item(rungs: Rungs, step: int, now: datetime, *, at_once: bool = False) -> list[WorkItem]:
    """Plan the rung after this one; at once where this one could reach nobody."""
    following = next((rung for rung in rungs if rung.step > step), None)
    if following is None:
        return []
    return [climb_item(following.step, now + timedelta(seconds=0 if at_once else following.after_seconds))]


def work_of(action: RungAction, step: int, now: datetime) -> WorkItem:
    """Plan what a rung sets out beside hints to devices."""
    kind = _WORK_OF[action]
    return WorkItem(kind, f"{kind}:{step}", now, {"step": step, "action": action.value})


def rung_row(step: int, action: RungAction, at: datetime, outcome: str) -> dict[str, Any]:
    """Put a rung on record."""
    return {"step": step, "action": action.value, "at": at, "outcome": RungOutcome(outcome).value}
