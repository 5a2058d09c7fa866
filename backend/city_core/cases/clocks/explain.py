"""Why a clock is due when it is: the events that moved it, as plain lines of a kind and its figures.

Edges put the lines into words. Seconds are those of the limit's own measure; days are dates in Beijing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from city_core.cases.clocks.calendar import ClockCalendar
from city_core.cases.clocks.engine import Event, History, Timekeeper
from city_core.cases.clocks.holders import holders_of
from city_core.cases.clocks.measure import Measure, instant_of
from city_core.cases.clocks.stages import ClockName
from city_core.cases.clocks.stored import ClockRules
from city_core.cases.clocks.ticking import Clock, Lamp, Ticking, lamp
from city_core.catalogue.limits import Counts
from city_core.kit.calendar import BEIJING

_MOST_DAYS_NAMED = 10
_MOST_DAYS_LOOKED_AT = 3_700


class Line(StrEnum):
    """The kinds of lines of an explanation."""

    NOT_STARTED = "NOT_STARTED"  # the clock has not begun
    STARTED = "STARTED"  # at
    WAITED = "WAITED"  # at, begins_at: it started in a gap of the working time
    LIMIT = "LIMIT"  # value, unit, season, source (CASE, STAGE, LEVEL, EMERGENCY)
    PAUSED = "PAUSED"  # at, until (None: still), state: its due date moved by this
    STOPPED = "STOPPED"  # at, until (None: still), state: it stood still, whoever has the case now
    EXTENDED = "EXTENDED"  # at, value, unit
    SWITCHED = "SWITCHED"  # at, emergency_id (None: back to normal), limit, old
    REFILED = "REFILED"  # at, limit, old
    RESTED = "RESTED"  # days, dates: days without working time between start and due date
    PROVISIONAL = "PROVISIONAL"  # year: its calendar is not announced yet
    USED = "USED"  # used_s, budget_s
    DUE = "DUE"  # due_at, yellow_at
    OPEN = "OPEN"  # no due date while it is paused
    LAMP = "LAMP"  # lamp


@dataclass(frozen=True)
class Explanation:
    """A clock and the lines that say why it stands as it does; no clock when it has not begun.

    `holdings` say who had the case how long, in seconds of the clock's own measure; from the report on, they
    add up to the time of the case.
    """

    name: ClockName
    clock: Clock | None
    lamp: Lamp | None
    lines: Sequence[Mapping[str, Any]]
    holdings: Sequence[Mapping[str, Any]] = ()


def explain(history: History, rules: ClockRules, name: ClockName, at: datetime) -> Explanation:
    """Say why a clock of this case is due when it is, as of an instant; of a stage the latest clock."""
    keeper = Timekeeper(rules.stage_limits, rules.measures).replay(history)
    ticking = _ticking(keeper, name)
    if ticking is None:
        return Explanation(name, None, None, [_line(Line.NOT_STARTED)])
    clock = ticking.as_of(keeper.last)
    shows = lamp(yellow_at=clock.yellow_at, due_at=clock.due_at, stopped_at=clock.stopped_at, now=at)
    lines = [
        _line(Line.STARTED, at=clock.started_at),
        *_waited(ticking),
        *_told([event for event in keeper.events if event.clock is ticking]),
        *_rest_days(clock, rules.measures.calendar),
        _line(Line.USED, used_s=_used_now(ticking, clock, at), budget_s=clock.budget_s),
        _line(Line.OPEN)
        if clock.due_at is None
        else _line(Line.DUE, due_at=clock.due_at, yellow_at=clock.yellow_at),
        _line(Line.LAMP, lamp=shows.value),
    ]
    return Explanation(name, clock, shows, lines, _holdings(history, rules.measures.of(clock.limit), at))


def _holdings(history: History, measure: Measure, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "holder": held.holder.value, "key": held.key, "since": held.since, "until": held.until,
            "counted_s": measure.spent(held.since, held.until or at),
        }
        for held in holders_of(history)
    ]  # fmt: skip


def _ticking(keeper: Timekeeper, name: ClockName) -> Ticking | None:
    if name is ClockName.CASE:
        return keeper.case
    return keeper.level if name is ClockName.LEVEL else keeper.stage_clock(name)


def _used_now(ticking: Ticking, clock: Clock, at: datetime) -> int:
    since = clock.running_since
    return clock.used_s if since is None else ticking.as_of(max(int(at.timestamp()), ticking.started)).used_s


def _told(events: Sequence[Event]) -> list[Mapping[str, Any]]:
    lines: list[Mapping[str, Any]] = []
    for event in events:
        if event.kind == "RAN_ON":
            _end_stand(lines, event.at)
        elif event.kind == "STARTED":
            lines.append(_line(Line.LIMIT, **event.figures["limit"], source=_source(event.clock.name)))
        elif event.kind in (Line.PAUSED, Line.STOPPED):
            _end_stand(lines, event.at)
            lines.append(_line(Line(event.kind), at=instant_of(event.at), until=None, **event.figures))
        else:
            lines.append(_line(Line(event.kind), at=instant_of(event.at), **event.figures))
    return lines


def _end_stand(lines: list[Mapping[str, Any]], at: int) -> None:
    """Say until when the clock stood still, in the line that says since when; none of no length stays."""
    for index in range(len(lines) - 1, -1, -1):
        if lines[index]["kind"] in (Line.PAUSED, Line.STOPPED):
            if lines[index]["until"] is None:
                lines[index] = {**lines[index], "until": instant_of(at)}
            return


def _source(clock: ClockName) -> str:
    if clock in (ClockName.CASE, ClockName.HANDLE):
        return "CASE"
    return "LEVEL" if clock is ClockName.LEVEL else "STAGE"


def _waited(ticking: Ticking) -> list[Mapping[str, Any]]:
    begins = ticking.measure.reached(ticking.started, 1) - 1
    if begins <= ticking.started:
        return []
    return [_line(Line.WAITED, at=instant_of(ticking.started), begins_at=instant_of(begins))]


def _rest_days(clock: Clock, calendar: ClockCalendar) -> list[Mapping[str, Any]]:
    """Name the days on which nothing counted, between the start and the due date."""
    if clock.due_at is None or clock.limit.counts not in (Counts.WORKING, Counts.SEASON):
        return []
    first, last = (moment.astimezone(BEIJING).date() for moment in (clock.started_at, clock.due_at))
    span = min((last - first).days, _MOST_DAYS_LOOKED_AT)
    rests = [day for day in (first + timedelta(days=n) for n in range(span)) if not calendar.shifts_of(day)]
    lines = []
    if rests:
        named = [day.isoformat() for day in rests[:_MOST_DAYS_NAMED]]
        lines.append(_line(Line.RESTED, days=len(rests), dates=named))
    return [*lines, *_not_announced(last, calendar)]


def _not_announced(last: date, calendar: ClockCalendar) -> list[Mapping[str, Any]]:
    if last.year not in calendar.provisional_years:
        return []
    return [_line(Line.PROVISIONAL, year=last.year)]


def _line(line: Line, **figures: Any) -> Mapping[str, Any]:
    return {"kind": line, **figures}
