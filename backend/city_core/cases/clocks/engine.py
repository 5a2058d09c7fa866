"""The clocks of a case, read from its history: the same history gives the same clocks, always.

Nothing here knows the present: everything is as of the last event. The facts of a row that count:

| step | facts |
|---|---|
| FILE, SPLIT_OFF, FILE_FOLLOW_UP | `limit`; may have the `level` that gets the case, and its `level_limit` |
| DECIDE_EXTENSION | `approved`, `final`, `added` |
| SWITCH_CLOCK | `emergency_id`, `limit` |
| UPGRADE, DOWNGRADE | `level`, `limit` of the level, or none |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city_core.cases.clocks.measure import Measures, second_of
from city_core.cases.clocks.rules import TOP_LEVEL, StageLimits
from city_core.cases.clocks.stages import CASE_STANDS_STILL, ENDED, PAUSED, STAGES, ClockName
from city_core.cases.clocks.ticking import Clock, Ticking
from city_core.catalogue.limits import Limit, limit_from

History = Sequence[Mapping[str, Any]]
_C = ClockName
_FILING = frozenset({"FILE", "SPLIT_OFF"})
_SECOND_STEP = "FILE_FOLLOW_UP"
_LEVELLING = frozenset({"UPGRADE", "DOWNGRADE"})


@dataclass(frozen=True)
class Clocks:
    """The clocks of a case as of its last event; `past` are the clocks that are done with, for now."""

    stage: Clock | None
    case: Clock | None
    level: Clock | None
    past: tuple[Clock, ...]


@dataclass(frozen=True)
class Event:
    """Something that happened to a clock, kept for whoever asks why it is due when it is."""

    clock: Ticking
    kind: str
    at: int
    figures: Mapping[str, Any]


def clocks_of(history: History, stage_limits: StageLimits, measures: Measures) -> Clocks:
    """Read the clocks of a case from its whole history, the first row being its report."""
    return Timekeeper(stage_limits, measures).replay(history).clocks()


class Timekeeper:
    """Goes through a history row by row and keeps the clocks."""

    def __init__(self, stage_limits: StageLimits, measures: Measures) -> None:
        self._stage_limits, self._measures = stage_limits, measures
        self._stage: Ticking | None = None
        self._past: list[Ticking] = []
        self._handling: dict[str, Ticking] = {}
        self._waiting: Ticking | None = None  # accepting, while it is verified
        self.case: Ticking | None = None
        self.level: Ticking | None = None
        self._limit: Limit | None = None
        self._level_name = TOP_LEVEL
        self._department = ""
        self.last = 0
        self.events: list[Event] = []

    def replay(self, history: History) -> Timekeeper:
        """Take all rows of a history in, in their order."""
        for row in history:
            self.take(row)
        return self

    def take(self, row: Mapping[str, Any]) -> None:
        """Take one row in: first its facts, then the state that it leads to."""
        # Two servers' clocks may differ by a moment; the order of the rows is the truth.
        self.last = at = max(self.last, second_of(row["at"]))
        self._take_facts(row["action"], row.get("facts") or {}, at)
        state = row["to_state"]
        if state == "DISPATCHED" and (row["action"] == "DISPATCH" or row["from_state"] != state):
            self._department = row.get("receiver_department_id") or self._department
        self._enter(state, at)

    def clocks(self) -> Clocks:
        """See all clocks as they stand at the last event."""
        past = tuple(clock.as_of(self.last) for clock in self._past)
        return Clocks(self._seen(self._stage), self._seen(self.case), self._seen(self.level), past)

    def stage_clock(self, name: ClockName) -> Ticking | None:
        """Give the latest clock of a stage, be it running, waiting or done."""
        known = [*self._past, self._waiting, self._stage]
        return next((clock for clock in reversed(known) if clock is not None and clock.name is name), None)

    def _seen(self, clock: Ticking | None) -> Clock | None:
        return None if clock is None else clock.as_of(self.last)

    def _take_facts(self, action: str, facts: Mapping[str, Any], at: int) -> None:
        self._level_name = facts.get("level") or self._level_name
        if (action in _FILING or action == _SECOND_STEP) and facts.get("limit"):
            if action == _SECOND_STEP:
                self._begin_again(at)
            self._file(limit_from(facts["limit"]), at)
            if "level_limit" in facts:
                self._start_level(facts["level_limit"], at)
        elif action == "DECIDE_EXTENSION" and facts.get("approved") and facts.get("final"):
            self._extend(limit_from(facts["added"]), at)
        elif action == "SWITCH_CLOCK":
            self._switch(limit_from(facts["limit"]), facts.get("emergency_id"), at)
        elif action in _LEVELLING:
            self._start_level(facts.get("limit"), at)

    def _file(self, limit: Limit, at: int) -> None:
        if self.case is None:
            self.case = self._new(_C.CASE, "", limit, at)
        elif limit != self.case.limit:
            for clock in (self.case, *self._handling.values()):
                self._note(clock, "REFILED", at, old=clock.limit.row(), limit=limit.row())
                clock.give_new_budget(at, limit, self._measures.of(limit))
        self._limit = limit

    def _begin_again(self, at: int) -> None:
        """The second step of a case has a time of its own; how the first one went stays on record."""
        if self.case is not None:
            self._stop(self.case, "FILED", at, paused=False)
            self._past.append(self.case)
        self.case = None
        self._handling = {}

    def _extend(self, added: Limit, at: int) -> None:
        for clock in (self.case, self._handling.get(self._department)):
            if clock is not None:
                if (added.unit, added.season) != (clock.limit.unit, clock.limit.season):
                    raise ValueError(f"an extension in {added.unit} of a limit in {clock.limit.unit}")
                clock.extend(at, added.seconds)
                self._note(clock, "EXTENDED", at, value=added.value, unit=added.unit)

    def _switch(self, limit: Limit, emergency_id: str | None, at: int) -> None:
        for clock in (self.case, *self._handling.values()):
            if clock is not None:
                old = clock.limit.row()
                clock.change_limit(at, limit, self._measures.of(limit))
                self._note(clock, "SWITCHED", at, old=old, limit=limit.row(), emergency_id=emergency_id)
        self._limit = limit

    def _start_level(self, limit: Mapping[str, Any] | None, at: int) -> None:
        """The level that has the case now gets its own time, if it has a limit."""
        self.level = self._new(_C.LEVEL, self._level_name, limit_from(limit), at) if limit else None

    def _enter(self, state: str, at: int) -> None:
        if state in PAUSED or state in ENDED:
            paused = state in PAUSED
            for clock in (self._stage, self.case, self.level):
                self._stop(clock, state, at, paused=paused)
            if not paused:
                self._leave_stage(state, at)
            return
        name, _ = STAGES[state]
        self._enter_stage(name, self._key_of(name), state, at)
        for clock in (self.case, self.level):
            if state in CASE_STANDS_STILL:
                self._stop(clock, state, at, paused=False)
            else:
                self._run(clock, at)

    def _key_of(self, name: ClockName | None) -> str:
        """Name whose clock it is: a department's, a level's; other stages have one clock for all."""
        if name is _C.HANDLE:
            return self._department
        return self._level_name if name is _C.DISPATCH else ""

    def _enter_stage(self, name: ClockName | None, key: str, state: str, at: int) -> None:
        now = self._stage
        if now is None or (now.name, now.key) != (name, key):
            self._leave_stage(state, at, verifying=name is _C.VERIFY)
            self._stage = None if name is None else self._clock_for(name, key, at)
        self._run(self._stage, at)

    def _clock_for(self, name: ClockName, key: str, at: int) -> Ticking | None:
        if name is _C.ACCEPT and self._waiting is not None:
            found, self._waiting = self._waiting, None
            return found
        self._settle_waiting(name)
        if name is not _C.HANDLE:
            return self._new(name, key, self._stage_limits.of(name, self._level_name), at)
        clock = self._handling.get(key)
        if clock is not None:
            self._past.remove(clock)
        elif self._limit is not None:
            clock = self._handling[key] = self._new(name, key, self._limit, at)
        return clock

    def _settle_waiting(self, name: ClockName | None) -> None:
        """Accepting is done with when the case goes on elsewhere than to its verification."""
        if self._waiting is not None and name is not _C.VERIFY:
            self._past.append(self._waiting)
            self._waiting = None

    def _leave_stage(self, state: str, at: int, *, verifying: bool = False) -> None:
        if self._stage is None:
            return
        self._stop(self._stage, state, at, paused=False)
        if verifying and self._stage.name is _C.ACCEPT:
            self._waiting = self._stage
        else:
            self._past.append(self._stage)
        self._stage = None
        if state in ENDED:
            self._settle_waiting(None)

    def _new(self, name: ClockName, key: str, limit: Limit, at: int) -> Ticking:
        clock = Ticking(name, key, limit, self._measures.of(limit), self._stage_limits.yellow_percent, at)
        self._note(clock, "STARTED", at, limit=limit.row())
        return clock

    def _run(self, clock: Ticking | None, at: int) -> None:
        if clock is not None and clock.since is None:
            if clock.started != at:
                self._note(clock, "RAN_ON", at)
            clock.run(at)

    def _stop(self, clock: Ticking | None, state: str, at: int, *, paused: bool) -> None:
        if clock is not None and (clock.since is not None or clock.paused != paused):
            self._note(clock, "PAUSED" if paused else "STOPPED", at, state=state)
            clock.stop(at, paused=paused)

    def _note(self, clock: Ticking, kind: str, at: int, **figures: Any) -> None:
        self.events.append(Event(clock, kind, at, figures))
