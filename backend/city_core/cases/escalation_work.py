"""Which step of escalation comes next for a case, and when: measured from the entry into a stage.

Every write of a case asks here, so that no step of the loop has to know about escalation. Only the next step
of each ladder is pending; its key names the clock, the entry and the step, which makes it one of its kind.
What is neither the entry of a stage nor a change of its clock (a comment, a photo) moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from city_core.cases.clocks.measure import Measures, instant_of, second_of
from city_core.cases.clocks.stages import PAUSED, STAGES, ClockName
from city_core.cases.escalation import CardKind, EscalationRules, EscalationStep
from city_core.cases.vocabulary import State
from city_core.catalogue.limits import Limit
from city_core.kit.work import WorkItem

Row = Mapping[str, Any]
KIND = "escalate"
_NEEDS_SOMEBODY = frozenset(
    {State.PENDING_VERIFICATION, State.FILED, State.DISPATCHED, State.REWORK, State.PENDING_CHECK}
)


@dataclass(frozen=True)
class Escalation:
    """What a write adds for escalation: fields for the list of cases to watch, and the pending steps."""

    fields: Mapping[str, Any]
    drops: frozenset[str]
    items: Sequence[WorkItem]


@dataclass(frozen=True)
class _Ladder:
    """One ladder of steps as it stands: of a clock from its entry on, or of an unassigned case."""

    clock: Row
    name: str
    entered_seq: int
    since: datetime
    is_unassigned: bool


def escalation_of(
    case: Row, history: Sequence[Row], pending: Sequence[Row], rules: EscalationRules, measures: Measures
) -> Escalation:
    """Plan the escalation of a case from its state, its clocks, its cards and its history after a step.

    `pending` is the work that is on record; what is planned already is left untouched, with its lease.
    """
    ladders = list(_ladders(case, history))
    last = max(row["at"] for row in history)
    known = {row["key"]: row["input"]["due_at"] for row in pending if row["kind"] == KIND}
    steps = [_next(ladder, case["cards"], rules, measures, last, known) for ladder in ladders]
    items = [item for item in steps if item is not None]
    if known == {item.key: item.due_at for item in items}:
        return Escalation(_watch_fields(ladders), frozenset(), ())
    return Escalation(_watch_fields(ladders), frozenset({KIND}) if known else frozenset(), items)


_STARTS_THE_CASE = frozenset({"FILE", "SPLIT_OFF", "FILE_FOLLOW_UP"})


def key_of(name: str, entered_seq: int, step: int) -> str:
    """Name a step of escalation: the same for whoever asks, as long as the stage is not left."""
    return f"{KIND}:{name}:{entered_seq}:{step}"


def _ladders(case: Row, history: Sequence[Row]) -> Iterator[_Ladder]:
    clocks = case["clocks"]
    for clock in (clocks["stage"], clocks["case"]):
        if clock is None or clock["running_since"] is None:
            continue
        entry = _entry(history, clock)
        yield _Ladder(clock, clock["name"], entry["seq"], entry["at"], False)
        if clock is clocks["stage"] and _has_nobody(case):
            asked = (case.get("task") or {}).get("seq", 0)
            left = next((row for row in history if row["seq"] == asked and asked > entry["seq"]), entry)
            yield _Ladder(clock, clock["name"], left["seq"], left["at"], True)


def _has_nobody(case: Row) -> bool:
    task = case.get("task")
    return case["state"] in _NEEDS_SOMEBODY and (task is None or task["assignee_id"] is None)


def _entry(history: Sequence[Row], clock: Row) -> Row:
    """Find the step by which the stage of a clock was entered: the first for a clock that runs on.

    With the second step of a case its clocks begin again, and so do warnings and cards.
    """
    again = max((row["seq"] for row in history if row["action"] == "FILE_FOLLOW_UP"), default=0)
    if clock["name"] == ClockName.CASE:
        return next(row for row in history if row["seq"] >= again and row["action"] in _STARTS_THE_CASE)
    entries = [entry for entry in _entries(history) if entry[0]["seq"] >= again]
    if clock["name"] == ClockName.HANDLE:
        return next(row for row, name, key in entries if (name, key) == (ClockName.HANDLE, clock["key"]))
    return next(row for row, name, _ in reversed(entries) if name == clock["name"])


def _entries(history: Sequence[Row]) -> Iterator[tuple[Row, ClockName | None, str]]:
    """List the steps that entered a stage; whoever accepts goes on with it after the verification."""
    department, present, accepting = "", ("", ""), False
    for row in history:
        state = row["to_state"]
        if state in PAUSED:
            continue  # it goes on where it stood
        if state == "DISPATCHED" and (row["action"] == "DISPATCH" or row["from_state"] != state):
            department = row["receiver_department_id"] or department
        name = STAGES[state][0] if state in STAGES else None
        now = (name or state, department if name is ClockName.HANDLE else "")
        if now != present and not (accepting and name is ClockName.ACCEPT):
            yield row, name, now[1]
        present = now
        accepting = name is ClockName.ACCEPT or (accepting and name is ClockName.VERIFY)


def _next(
    ladder: _Ladder,
    cards: Sequence[Row],
    rules: EscalationRules,
    measures: Measures,
    last: datetime,
    known: Mapping[str, datetime],
) -> WorkItem | None:
    done = {(card["clock"], card["entered_seq"], card["step"]) for card in cards}
    moments = [
        (due_at, step.step)
        for step in rules[ladder.name]
        if (step.kind is CardKind.UNASSIGNED) == ladder.is_unassigned
        and (ladder.name, ladder.entered_seq, step.step) not in done
        and (due_at := _due_at(step, ladder, measures, last, known)) is not None
    ]
    if not moments:
        return None
    due_at, number = min(moments)
    given = {"clock": ladder.name, "entered_seq": ladder.entered_seq, "step": number, "due_at": due_at}
    return WorkItem(KIND, key_of(ladder.name, ladder.entered_seq, number), due_at, given)


def _due_at(
    step: EscalationStep, ladder: _Ladder, measures: Measures, last: datetime, known: Mapping[str, datetime]
) -> datetime | None:
    if step.kind is CardKind.UNASSIGNED:
        return _after(step, ladder.since, measures)
    clock = ladder.clock
    if step.at_percent is None:
        return None if clock["due_at"] is None else _after(step, clock["due_at"], measures)
    if step.at_percent == 100:
        due: datetime | None = clock["due_at"]
        return due
    when = known.get(key_of(ladder.name, ladder.entered_seq, step.step), last)
    return _at_percent(step.at_percent, clock, measures, last) or min(when, last)


def _after(step: EscalationStep, start: datetime, measures: Measures) -> datetime:
    start_s = second_of(start)
    if not step.after_value or step.after_unit is None:
        return instant_of(start_s)
    limit = Limit(step.after_value, step.after_unit)
    return instant_of(measures.of(limit).due(start_s, limit.seconds))


def _at_percent(percent: int, clock: Row, measures: Measures, last: datetime) -> datetime | None:
    """Find when this part of the limit will be used; None when it was used by the last event."""
    limit = clock["limit"]
    measure = measures.of(Limit(limit["value"], limit["unit"], limit.get("season")))
    left = ceil(clock["budget_s"] * percent / 100) - clock["used_s"]
    return instant_of(measure.reached(second_of(last), left)) if left > 0 else None


def _watch_fields(ladders: Sequence[_Ladder]) -> dict[str, Any]:
    """Say since when nobody has the case, and when the first of its running clocks turns red or yellow."""
    clocks = [ladder.clock for ladder in ladders]
    red = [clock["due_at"] for clock in clocks if clock["due_at"] is not None]
    yellow = [clock["yellow_at"] for clock in clocks if clock["yellow_at"] is not None]
    return {
        "unassigned_since": next((ladder.since for ladder in ladders if ladder.is_unassigned), None),
        "red_at": min(red, default=None),
        "yellow_at": min(yellow, default=None),
    }
