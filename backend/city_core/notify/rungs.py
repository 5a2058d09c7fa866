"""The rulebook `reaching`: how a message reaches a person, rung by rung, for each urgency.

A rung is due so many seconds after the one before it was done, the first one after the message came into its
inbox. Where nothing is published, a message is pushed at once and nothing follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.kit.rulebook.cells import choice, text, whole
from city_core.kit.rulebook.store import Rulebook, rows_numbered
from city_core.kit.rulebook.tables import Content, Fault, Table
from city_core.notify.urgency import URGENCIES, asks_for_answer

_MOST_SECONDS = 86_400


class RungAction(StrEnum):
    """What a rung does."""

    PUSH = "PUSH"  # 推送
    PUSH_AGAIN = "PUSH_AGAIN"  # 再次推送
    SMS = "SMS"  # 短信
    VOICE = "VOICE"  # 语音电话
    NEXT_OFFICER = "NEXT_OFFICER"  # 告知同岗人员
    SUPERVISOR = "SUPERVISOR"  # 告知派遣员、值班长


class Quiet(StrEnum):
    """What quiet hours 免打扰 mean to a rung."""

    RESPECT = "respect"  # it waits for their end
    OFF_DUTY = "off_duty"  # it waits only for whoever is not on duty
    IGNORE = "ignore"


PUSHES = frozenset({RungAction.PUSH, RungAction.PUSH_AGAIN})
TELLS_OTHERS = frozenset({RungAction.NEXT_OFFICER, RungAction.SUPERVISOR})


@dataclass(frozen=True)
class Rung:
    """One rung: what it does, and how long after the one before (seconds)."""

    step: int
    after_seconds: int
    action: RungAction
    quiet: Quiet

    @property
    def tells_others(self) -> bool:
        return self.action in TELLS_OTHERS


Rungs = Sequence[Rung]
ReachingRules = Mapping[str, Rungs]
RUNGS = Table(
    "rungs",
    (
        choice("urgency", URGENCIES),
        whole("step", least=1, most=20),
        whole("after_seconds", least=0, most=_MOST_SECONDS),
        choice("action", tuple(RungAction)),
        choice("quiet_hours", tuple(Quiet)),
        text("note", blank=""),
    ),
    key=("urgency", "step"),
)
_QUIET = {"normal": Quiet.RESPECT, "high": Quiet.OFF_DUTY, "emergency": Quiet.IGNORE}
DEFAULT: Content = {
    "rungs": [
        {"urgency": urgency, "step": 1, "after_seconds": 0, "action": RungAction.PUSH.value,
         "quiet_hours": _QUIET[urgency].value, "note": ""}
        for urgency in URGENCIES
    ]
}  # fmt: skip


def rungs_for(rules: ReachingRules, urgency: str, kind: str) -> Rungs:
    """List the rungs that a message climbs; others are told only about what asks for an answer."""
    return [rung for rung in rules[urgency] if asks_for_answer(kind) or not rung.tells_others]


def _compile(content: Content) -> ReachingRules:
    found: dict[str, list[Rung]] = {urgency: [] for urgency in URGENCIES}
    for row in sorted(content["rungs"], key=lambda row: int(row["step"])):
        action, quiet = RungAction(row["action"]), Quiet(row["quiet_hours"])
        found[row["urgency"]].append(Rung(row["step"], row["after_seconds"], action, quiet))
    return found


def _check(content: Content) -> list[Fault]:
    """Refuse an emergency that keeps quiet, and others who are told of what nobody was told before."""
    return [
        Fault("rungs", number, column, zh, en)
        for number, row in rows_numbered(content["rungs"])
        for column, zh, en in _wrong(row, content["rungs"])
    ]


def _wrong(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    if row["urgency"] == "emergency" and row["quiet_hours"] != Quiet.IGNORE:
        yield (
            "quiet_hours",
            "应急消息不受免打扰限制，应为 ignore",
            "an emergency keeps no quiet hours: ignore",
        )
    earlier = [one for one in rows if one["urgency"] == row["urgency"] and one["step"] < row["step"]]
    if row["action"] in TELLS_OTHERS and not any(one["action"] not in TELLS_OTHERS for one in earlier):
        yield "action", "须先通知本人", "the person is told before others are"
    if row["action"] == RungAction.PUSH_AGAIN and not any(one["action"] in PUSHES for one in earlier):
        yield "action", "再次推送之前须有推送", "a push comes before it is repeated"


REACHING: Rulebook[ReachingRules] = Rulebook("reaching", (RUNGS,), _compile, default=DEFAULT, check=_check)
