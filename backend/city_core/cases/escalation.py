"""The rulebook `escalation`: who is told when the time of a case runs out, step by step up the ladder.

A step of a stage is due at a part of its limit, or so long after it was overdue (the red card at 72 hours of
the joint review in Zhangdian is one row). A case that nobody has is told at once, before all others. Rows of
`*` hold for every stage; a row of a stage replaces the row of `*` with the same step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.cases.clocks.rules import STAGE_UNITS
from city_core.cases.clocks.stages import STAGE_CLOCKS, ClockName
from city_core.cases.ladder import Rung
from city_core.catalogue.limits import MOST_UNITS
from city_core.kit.rulebook.cells import choice, whole, words
from city_core.kit.rulebook.store import Rulebook, rows_numbered
from city_core.kit.rulebook.tables import Content, Fault, Table

ANY_STAGE = "*"


class CardKind(StrEnum):
    """What a step says."""

    UNASSIGNED = "UNASSIGNED"  # 无人承办
    WARNING = "WARNING"  # 预警
    YELLOW = "YELLOW"  # 黄牌
    RED = "RED"  # 红牌


@dataclass(frozen=True)
class EscalationStep:
    """One step: due at a percentage of the limit, or a number of a unit after it was used up.

    A step of an unassigned case is due that long after nobody has it.
    """

    step: int
    kind: CardKind
    at_percent: int | None
    after_value: int | None
    after_unit: str | None
    who: tuple[Rung, ...]


EscalationRules = Mapping[str, Sequence[EscalationStep]]
STEPS = Table(
    "steps",
    (
        choice("stage", (ANY_STAGE, *STAGE_CLOCKS, ClockName.CASE)),
        whole("step", least=1, most=50),
        choice("kind", tuple(CardKind)),
        whole("at_percent", least=1, most=100, blank=None),
        whole("after_value", least=0, most=MOST_UNITS, blank=None),
        choice("after_unit", STAGE_UNITS, blank=None),
        words("who"),
    ),
    key=("stage", "step"),
)


def _row(
    stage: str, step: int, kind: CardKind, who: str, percent: int | None = None, after: str = ""
) -> dict[str, Any]:
    value, _, unit = after.partition(" ")
    return {
        "stage": stage, "step": step, "kind": kind.value, "at_percent": percent,
        "after_value": int(value) if value else None, "after_unit": unit or None, "who": who.split(),
    }  # fmt: skip


_K = CardKind
DEFAULT: Content = {
    "steps": [
        _row("*", 1, _K.UNASSIGNED, "DISPATCHER SHIFT_LEADER", after="0 urgent_minute"),
        _row("*", 2, _K.UNASSIGNED, "STREET_LEADER", after="30 work_minute"),
        _row("*", 3, _K.WARNING, "HOLDER", 80),
        _row("*", 4, _K.YELLOW, "HOLDER DISPATCHER", 100),
        _row("*", 5, _K.RED, "HOLDER SHIFT_LEADER", after="4 work_hour"),
        _row("*", 6, _K.RED, "STREET_LEADER", after="1 work_day"),
        _row("*", 7, _K.RED, "DISTRICT_LEADER", after="3 work_day"),
        # The rule has a moment to dispatch a case that was just filed.
        _row("DISPATCH", 1, _K.UNASSIGNED, "DISPATCHER SHIFT_LEADER", after="1 urgent_minute"),
        _row("CASE", 1, _K.YELLOW, "SHIFT_LEADER", 100),
        _row("CASE", 2, _K.RED, "STREET_LEADER DISTRICT_LEADER", after="72 urgent_hour"),
    ]
}


def _compile(content: Content) -> EscalationRules:
    of: dict[str, dict[int, EscalationStep]] = {}
    for row in content["steps"]:
        of.setdefault(row["stage"], {})[row["step"]] = _step(row)
    general = of.get(ANY_STAGE, {})
    stages = {stage.value: {**general, **of.get(stage, {})} for stage in STAGE_CLOCKS}
    stages[ClockName.CASE.value] = of.get(ClockName.CASE, {})
    return {stage: [steps[number] for number in sorted(steps)] for stage, steps in stages.items()}


def _step(row: Mapping[str, Any]) -> EscalationStep:
    return EscalationStep(
        row["step"], CardKind(row["kind"]), row["at_percent"], row["after_value"], row["after_unit"],
        tuple(Rung(word) for word in row["who"]),
    )  # fmt: skip


def _check(content: Content) -> list[Fault]:
    """Refuse steps that nobody is told about, without a moment of their own, or out of their order."""
    faults = [
        Fault("steps", number, column, zh, en)
        for number, row in rows_numbered(content["steps"])
        for column, zh, en in (*_wrong_moment(row), *_wrong_people(row))
    ]
    return faults or _out_of_order(content["steps"])


Wrong = tuple[str, str, str]


def _wrong_moment(row: Mapping[str, Any]) -> Iterator[Wrong]:
    percent, value, unit = row["at_percent"], row["after_value"], row["after_unit"]
    if (value is None) != (unit is None):
        yield "after_value", "数值与单位须同时填写", "a number and its unit go together"
    elif (percent is None) == (value is None):
        yield "at_percent", "百分比与超时时长须填且只填一项", "either a percentage or a time after"
    elif row["kind"] == CardKind.UNASSIGNED and value is None:
        yield "after_value", "无人承办按时长计", "an unassigned case is told after a time, which may be 0"
    elif row["kind"] == CardKind.WARNING and (percent or 100) >= 100:
        yield "at_percent", "预警应早于时限（1至99）", "a warning comes before the limit (1 to 99)"
    if row["kind"] == CardKind.UNASSIGNED and row["stage"] == ClockName.CASE:
        yield "stage", "无人承办按环节设置", "an unassigned case is told by its stage"


def _wrong_people(row: Mapping[str, Any]) -> Iterator[Wrong]:
    known = ", ".join(Rung)
    if not row["who"]:
        yield "who", f"须通知至少一方：{known}", f"somebody has to be told: {known}"
    for word in row["who"]:
        if word not in set(Rung):
            yield "who", f"不认识{word!r}；可用：{known}", f"unknown {word!r}; known: {known}"


def _out_of_order(rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """A later step may not be due at a smaller part of the limit, or before the limit after one past it."""
    faults = []
    highest: dict[str, int] = {}
    numbered = sorted(
        rows_numbered([dict(row) for row in rows]), key=lambda pair: (pair[1]["stage"], pair[1]["step"])
    )
    for number, row in numbered:
        if row["kind"] == CardKind.UNASSIGNED:
            continue
        reached = row["at_percent"] or 101
        if reached < highest.get(row["stage"], 0):
            faults.append(Fault("steps", number, "step", "步序与时间先后不一致",
                                "a later step is due before an earlier one"))  # fmt: skip
        highest[row["stage"]] = max(reached, highest.get(row["stage"], 0))
    return faults


ESCALATION_RULES: Rulebook[EscalationRules] = Rulebook(
    "escalation", (STEPS,), _compile, default=DEFAULT, check=_check
)
