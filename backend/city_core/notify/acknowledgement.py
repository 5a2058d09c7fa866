"""What a person's answer to a message does to it: pure rules.

Answers go forward only: delivered, read, refused, accepted. What comes late is on record and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from city_core.kit.work import WorkItem
from city_core.notify.climbing import CALL, CLIMB, PUSH, RELAY, TEXT, climb_item
from city_core.notify.rungs import Rungs
from city_core.notify.urgency import asks_for_answer

Row = Mapping[str, Any]
_TO_THE_PERSON = frozenset({CLIMB, PUSH, TEXT, CALL})
MOST_ACKNOWLEDGEMENTS = 40


class Acknowledgement(StrEnum):
    """How far a message has come with its receiver."""

    DELIVERED = "DELIVERED"  # 已送达: the phone has it
    READ = "READ"  # 已读
    REFUSED = "REFUSED"  # 已拒绝
    ACCEPTED = "ACCEPTED"  # 已接受


_ORDER: Mapping[str | None, int] = {
    None: 0,
    **{state: rank for rank, state in enumerate(Acknowledgement, start=1)},
}


@dataclass(frozen=True)
class Said:
    """One acknowledgement as it was given; `device_id` is blank where a browser or a rule gave it."""

    state: Acknowledgement
    device_id: str = ""
    reason: str = ""
    device_time: datetime | None = None
    client_id: str | None = None

    def row(self, at: datetime) -> dict[str, Any]:
        return {
            "state": self.state.value, "at": at, "device_time": self.device_time,
            "device_id": self.device_id, "reason": self.reason, "client_id": self.client_id,
        }  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """What an acknowledgement changes: fields, work that has become pointless, and what is due instead."""

    values: Mapping[str, Any] = field(default_factory=dict)
    drops: frozenset[str] = frozenset()
    work: tuple[WorkItem, ...] = ()


def answered(message: Row, said: Said, rungs: Rungs, now: datetime) -> Answered:
    """Decide what an acknowledgement does to a message."""
    if _ORDER[said.state] <= _ORDER[message.get("answer")]:
        return Answered()
    values: dict[str, Any] = {"answer": said.state.value}
    if said.state is Acknowledgement.DELIVERED:
        return Answered(values)
    values["read_at"] = message["read_at"] or now
    if said.state is Acknowledgement.ACCEPTED or not asks_for_answer(message["kind"]):
        return Answered(values, _TO_THE_PERSON | {RELAY})
    if said.state is Acknowledgement.READ:
        return Answered(values)  # each rung that is still to reach the person finds it read, and others wait
    return Answered(values, _TO_THE_PERSON, _told_at_once(message, rungs, now))


def _told_at_once(message: Row, rungs: Rungs, now: datetime) -> tuple[WorkItem, ...]:
    """Plan the first rung at which others are told, if it has not been reached yet."""
    done = {row["step"] for row in message.get("rungs", ())}
    step = next((rung.step for rung in rungs if rung.tells_others and rung.step not in done), None)
    return () if step is None else (climb_item(step, now),)


def is_read(message: Row) -> bool:
    """Tell whether a person knows of a message, so that nothing more has to reach them."""
    return message["read_at"] is not None


def is_accepted(message: Row) -> bool:
    """Tell whether a message needs nothing more at all."""
    if message.get("answer") == Acknowledgement.ACCEPTED:
        return True
    return is_read(message) and not asks_for_answer(message["kind"])
