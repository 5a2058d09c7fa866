"""One clock as it runs: what is spent of its limit, exactly, through pauses, extensions and other limits.

What is spent and what may be spent are kept in seconds of the limit in force, as exact fractions. A change
of the limit scales both by new over old: the share that is spent, and the share that is left, stay what they
were, so that switching on and off at one instant changes nothing at all. Instants are seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

from city_core.cases.clocks.measure import Measure, instant_of
from city_core.cases.clocks.stages import ClockName
from city_core.catalogue.limits import Counts, Limit


class Lamp(StrEnum):
    """How far a clock is: green to 80 %, yellow to 100 %, red after."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


@dataclass(frozen=True)
class Clock:
    """A clock as it stood at the last event; seconds are those of its limit's own measure.

    `running_since` is when it last began to run or was changed, `stopped_at` since when it stands still.
    While `paused` it has no due date, unless that had come before. Standing still otherwise, it keeps both.
    """

    name: ClockName
    key: str
    limit: Limit
    started_at: datetime
    budget_s: int
    used_s: int
    running_since: datetime | None
    stopped_at: datetime | None
    paused: bool
    yellow_at: datetime | None
    due_at: datetime | None

    def row(self) -> dict[str, Any]:
        """Write the clock as it is stored with the case."""
        return {
            "name": self.name.value, "key": self.key, "limit": self.limit.row(),
            "started_at": self.started_at, "budget_s": self.budget_s, "used_s": self.used_s,
            "running_since": self.running_since, "stopped_at": self.stopped_at, "paused": self.paused,
            "yellow_at": self.yellow_at, "due_at": self.due_at,
        }  # fmt: skip

    @property
    def in_time(self) -> bool:
        """Tell whether a clock that stands still stopped before it was overdue."""
        return self.stopped_at is None or self.due_at is None or self.stopped_at <= self.due_at


def lamp(
    *, yellow_at: datetime | None, due_at: datetime | None, stopped_at: datetime | None, now: datetime
) -> Lamp:
    """Show the lamp of a clock now; one that stands still keeps the lamp that it stopped with."""
    at = now if stopped_at is None else min(now, stopped_at)
    if due_at is not None and at > due_at:
        return Lamp.RED
    return Lamp.YELLOW if yellow_at is not None and at > yellow_at else Lamp.GREEN


class Ticking:
    """A clock that events start, stop, extend and put under another limit."""

    def __init__(
        self, name: ClockName, key: str, limit: Limit, measure: Measure, yellow_percent: int, at: int
    ):
        self.name, self.key = name, key
        self.limit, self.measure = limit, measure
        self.started = at
        self.since: int | None = None  # runs from here on
        self.still_since: int | None = at
        self.paused = False
        self._yellow_part = Fraction(yellow_percent, 100)
        self._budget = Fraction(limit.seconds)
        self._used = Fraction(0)  # until `since`
        self._was_yellow: int | None = None  # instants that have come
        self._was_due: int | None = None

    def run(self, at: int) -> None:
        """Let it run on; one that runs already is left as it is."""
        if self.since is None:
            self.since, self.still_since, self.paused = at, None, False

    def stop(self, at: int, *, paused: bool) -> None:
        """Let it stand still; `paused` says that even its due date is open."""
        self._count_until(at)
        self.since = None
        if self.still_since is None:
            self.still_since = at
        self.paused = paused

    def extend(self, at: int, seconds: int) -> None:
        """Add to what may be spent; what has passed is judged anew."""
        self._count_until(at)
        self._budget += seconds
        self._judge_anew(None)

    def change_limit(self, at: int, limit: Limit, measure: Measure) -> None:
        """Put it under another limit, by share: what is left is the same part of the new limit."""
        self._count_until(at)
        ratio = Fraction(limit.seconds, self.limit.seconds)
        self._budget, self._used = self._budget * ratio, self._used * ratio
        self.limit, self.measure = limit, measure

    def give_new_budget(self, at: int, limit: Limit, measure: Measure) -> None:
        """Put it under another limit that replaces the old one and its extensions; the used share stays."""
        self.change_limit(at, limit, measure)
        self._budget = Fraction(limit.seconds)
        self._judge_anew(at)

    def as_of(self, at: int) -> Clock:
        """See the clock as it stands at an instant, for which it has to be the latest event."""
        used = self._used
        if self.since is not None:
            used = used + self.measure.counted(at) - self.measure.counted(self.since)
        return Clock(
            self.name, self.key, self.limit, instant_of(self.started), int(self._budget), int(used),
            _instant(self.since), _instant(self.still_since), self.paused,
            _instant(self._yellow_at()), _instant(self._due_at()),
        )  # fmt: skip

    def _count_until(self, at: int) -> None:
        """Count what was spent while it ran, and note which of its instants have come.

        Where no time has passed nothing has come, even if all is spent: a natural day whose hours are spent
        is due at midnight, and is so still after a moment under another limit.
        """
        if self.since is None or self.since == at:
            return
        used = self._used + self.measure.counted(at) - self.measure.counted(self.since)
        if self._was_yellow is None and used >= self._budget * self._yellow_part:
            self._was_yellow = _passed(self._yellow_at(), at)
        if self._was_due is None and used >= self._budget:
            self._was_due = _passed(self._due_at(), at)
        self._used, self.since = used, at

    def _judge_anew(self, at: int | None) -> None:
        if self._used < self._budget:
            self._was_due = None
        elif self._was_due is None and self.limit.counts is not Counts.NATURAL:
            self._was_due = at
        if self._used < self._budget * self._yellow_part:
            self._was_yellow = None
        elif self._was_yellow is None:
            self._was_yellow = at

    def _yellow_at(self) -> int | None:
        if self._was_yellow is not None or self.paused:
            return self._was_yellow
        return self.measure.reached(self._from(), ceil(self._budget * self._yellow_part - self._used))

    def _due_at(self) -> int | None:
        if self._was_due is not None or self.paused:
            return self._was_due
        return self.measure.due(self._from(), max(0, ceil(self._budget - self._used)))

    def _from(self) -> int:
        at = self.since if self.since is not None else self.still_since
        assert at is not None
        return at


def _passed(instant: int | None, at: int) -> int | None:
    return instant if instant is not None and instant <= at else None


def _instant(second: int | None) -> datetime | None:
    return None if second is None else instant_of(second)
