"""The engine against a slow count that goes through every minute and knows nothing of the engine.

Any order of pausing, resuming, extending, returning, dispatching anew, switching to an emergency and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from city_core.cases.clocks.calendar import PlainCalendar
from city_core.cases.clocks.engine import clocks_of
from city_core.cases.clocks.measure import Measures
from city_core.cases.clocks.rules import PLAIN_STAGE_LIMITS
from city_core.cases.clocks.ticking import Clock
from city_core.catalogue.limits import Limit
from tests.unit.cases.clocks.histories import History, filed

REST, WORKED = date(2026, 10, 1), date(2026, 10, 10)
CALENDAR = PlainCalendar(
    rest_days=frozenset({REST}),
    working_weekends=frozenset({WORKED}),
    seasons={"autumn": (("10-02", "12-20"),)},
)
MEASURES = Measures(CALENDAR)
ZONE, MINUTE = ZoneInfo("Asia/Shanghai"), timedelta(minutes=1)
FIRST = datetime(2026, 9, 28, tzinfo=UTC)
SECONDS = {
    "urgent_hour": 3600,
    "work_hour": 3600,
    "work_day": 28800,
    "natural_day": 86400,
    "season_day": 28800,
}

CASE_RUNS = {"PENDING_FILING", "FILED", "PENDING_DECISION", "DISPATCHED", "IN_PROGRESS", "REWORK",
             "AWAITING_CHILDREN"}  # fmt: skip
HANDLE_RUNS = {"DISPATCHED", "IN_PROGRESS", "REWORK"}
PAUSES = {"SUSPENDED", "MERGED"}


def counts(moment: datetime, unit: str) -> bool:
    """Tell whether the minute that begins here counts."""
    local = moment.astimezone(ZONE)
    day = local.date()
    if unit in ("urgent_hour", "natural_day"):
        return True
    works = day == WORKED or (day.weekday() < 5 and day != REST)
    if unit == "season_day" and not (10, 2) <= (day.month, day.day) <= (12, 20):
        return False
    return works and (8 <= local.hour < 12 or 14 <= local.hour < 18)


@dataclass
class SlowClock:
    """Counts minute by minute; what is used and allowed are shares of the limit."""

    limit: Limit
    used: Fraction = Fraction(0)
    allowed: Fraction = Fraction(1)
    ran_out_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def seconds(self) -> int:
        return self.limit.value * SECONDS[self.limit.unit]

    def minute(self, begins: datetime) -> None:
        left = ceil((self.allowed - self.used) * self.seconds)
        if counts(begins, self.limit.unit):
            self.used += Fraction(60, self.seconds)
            if self.ran_out_at is None and left <= 60:
                self.ran_out_at = begins + timedelta(seconds=max(left, 0))
        ends = begins + MINUTE
        if self.due_at is None and self.ran_out_at is not None:
            midnight = ends.astimezone(ZONE).time() == datetime.min.time()
            if self.limit.unit != "natural_day":
                # Spent in natural days and not yet due: due from the moment of the other limit on.
                self.due_at = max(self.ran_out_at, begins)
            elif midnight and ends > self.ran_out_at:
                self.due_at = ends

    def extend(self, added: Limit) -> None:
        self.allowed += Fraction(added.value, self.limit.value)
        if self.used < self.allowed:
            self.ran_out_at = self.due_at = None

    def switch(self, limit: Limit) -> None:
        self.limit = limit

    def due_from(self, moment: datetime) -> datetime:
        while self.due_at is None:
            self.minute(moment)
            moment += MINUTE
        return self.due_at


@dataclass
class SlowCase:
    """Keeps the clock of the case and one for each department, from step to step."""

    case: SlowClock
    handling: dict[str, SlowClock] = field(default_factory=dict)
    department: str = ""
    limit: Limit | None = None
    first_steps: list[SlowClock] = field(default_factory=list)

    def pass_time(self, start: datetime, end: datetime, state: str) -> None:
        moment = start
        while moment < end:
            if state in CASE_RUNS:
                self.case.minute(moment)
            if state in HANDLE_RUNS:
                self.handling[self.department].minute(moment)
            moment += MINUTE

    def all_clocks(self) -> list[SlowClock]:
        return [self.case, *self.handling.values()]

    def take(self, kind: str, what: object) -> None:
        if kind == "DISPATCH":
            assert isinstance(what, str)
            self.department = what
            self.handling.setdefault(what, SlowClock(self.limit or self.case.limit))
        elif kind == "EXTEND":
            for clock in (self.case, self.handling.get(self.department)):
                if clock is not None:
                    clock.extend(Limit(1, clock.limit.unit, clock.limit.season))
        elif kind == "FOLLOW_UP":
            assert isinstance(what, Limit)
            self.first_steps.append(self.case)
            self.case, self.handling, self.department, self.limit = SlowClock(what), {}, "", what
        elif kind == "SWITCH":
            assert isinstance(what, Limit)
            self.limit = what
            for clock in self.all_clocks():
                clock.switch(what)


limits = st.one_of(
    st.builds(Limit, st.integers(1, 7), st.sampled_from(["work_hour", "urgent_hour"])),
    st.builds(Limit, st.integers(1, 3), st.sampled_from(["work_day", "natural_day"])),
    st.builds(Limit, st.integers(1, 2), st.just("season_day"), st.just("autumn")),
)
steps = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 90), st.integers(0, 1_500)),
        st.one_of(
            st.tuples(st.just("DISPATCH"), st.sampled_from(["a", "b"])),
            st.tuples(st.just("EXTEND"), st.none()),
            st.tuples(st.just("SWITCH"), limits),
            st.tuples(st.just("FOLLOW_UP"), limits),
            st.tuples(st.just("GO"), st.sampled_from(sorted((CASE_RUNS - {"DISPATCHED"}) | PAUSES))),
            st.tuples(st.just("GO"), st.sampled_from(["SUSPENDED", "IN_PROGRESS", "HANDLED", "REWORK"])),
            st.tuples(st.just("GO"), st.sampled_from(["PENDING_CHECK", "PENDING_CLOSING"])),
        ),
    ),
    min_size=1,
    max_size=9,
)


def walk(
    start: datetime, limit: Limit, moves: list[tuple[int, tuple[str, object]]]
) -> tuple[History, SlowCase]:
    history, slow = filed(start, limit), SlowCase(SlowClock(limit))
    now, state = start, "FILED"
    for minutes, move in moves:
        undispatched = move[1] in HANDLE_RUNS and not slow.department
        kind, what = ("DISPATCH", "a") if undispatched else move
        slow.pass_time(now, now + minutes * MINUTE, state)
        now += minutes * MINUTE
        if kind == "EXTEND":
            added = Limit(1, slow.case.limit.unit, slow.case.limit.season).row()
            history.step(now, "DECIDE_EXTENSION", approved=True, final=True, added=added)
        elif kind == "SWITCH":
            assert isinstance(what, Limit)
            history.step(now, "SWITCH_CLOCK", emergency_id="flood", limit=what.row())
        elif kind == "FOLLOW_UP":
            assert isinstance(what, Limit)
            state = "FILED"
            history.step(now, "FILE_FOLLOW_UP", state, limit=what.row())
        elif kind == "DISPATCH":
            state = "DISPATCHED"
            history.step(now, "DISPATCH", state, to_department=str(what))
        else:
            state = str(what)
            history.step(now, "SOMETHING", state)
        slow.take(kind, what)
    return history, slow


def agrees(fast: Clock, slow: SlowClock, now: datetime) -> None:
    assert fast.used_s == int(slow.used * slow.seconds)
    assert fast.budget_s == int(slow.allowed * slow.seconds)
    if fast.paused:
        assert fast.due_at == slow.due_at
    elif fast.running_since is not None:
        assert fast.due_at == slow.due_from(now)


@settings(max_examples=250, deadline=None)
@given(offset=st.integers(0, 60 * 24 * 12), limit=limits, moves=steps)
def test_any_order_of_steps_equals_a_minute_by_minute_count(
    offset: int, limit: Limit, moves: list[tuple[int, tuple[str, object]]]
) -> None:
    history, slow = walk(FIRST + offset * MINUTE, limit, moves)
    clocks = clocks_of(history, PLAIN_STAGE_LIMITS, MEASURES)
    now = history[-1]["at"]
    assert clocks.case is not None
    agrees(clocks.case, slow.case, now)
    handling: dict[str, Clock] = {}
    for clock in (clocks.stage, *reversed(clocks.past)):
        if clock is not None and clock.name == "HANDLE":
            handling.setdefault(clock.key, clock)  # the last of each department
    assert set(slow.handling) <= set(handling)
    for key, counted in slow.handling.items():
        agrees(handling[key], counted, now)
    first_steps = [clock for clock in clocks.past if clock.name == "CASE"]
    assert len(first_steps) == len(slow.first_steps)
    for clock, counted in zip(first_steps, slow.first_steps, strict=True):
        agrees(clock, counted, now)


@settings(max_examples=100, deadline=None)
@given(offset=st.integers(0, 60 * 24 * 12), limit=limits, moves=steps, cut=st.integers(1, 9))
def test_nothing_is_negative_and_rows_that_change_nothing_change_nothing(
    offset: int, limit: Limit, moves: list[tuple[int, tuple[str, object]]], cut: int
) -> None:
    history, _ = walk(FIRST + offset * MINUTE, limit, moves)
    clocks = clocks_of(history, PLAIN_STAGE_LIMITS, MEASURES)
    for clock in (clocks.case, clocks.stage, *clocks.past):
        if clock is not None:
            assert clock.used_s >= 0
            assert clock.due_at is None or clock.due_at >= clock.started_at
            if clock.due_at is not None:
                assert clock.yellow_at is not None
                assert clock.yellow_at <= clock.due_at
    longer = History(history[: 2 + cut])
    later = History(longer).step(longer[-1]["at"], "ADD_PHOTOS")
    assert clocks_of(later, PLAIN_STAGE_LIMITS, MEASURES) == clocks_of(longer, PLAIN_STAGE_LIMITS, MEASURES)


@settings(max_examples=100, deadline=None)
@given(offset=st.integers(0, 60 * 24 * 12), limit=limits, moves=steps, other=limits)
@example(  # all hours of a natural day are spent, and it is due at midnight only
    offset=0,
    limit=Limit(1, "natural_day"),
    moves=[(584, ("DISPATCH", "a")), (856, ("DISPATCH", "a"))],
    other=Limit(1, "work_hour"),
)
@example(
    offset=0,
    limit=Limit(1, "season_day", "autumn"),
    moves=[(0, ("SWITCH", Limit(1, "natural_day"))), (1440, ("DISPATCH", "a"))],
    other=Limit(1, "work_hour"),
)
def test_on_and_off_at_one_instant_is_the_identity(
    offset: int, limit: Limit, moves: list[tuple[int, tuple[str, object]]], other: Limit
) -> None:
    history, slow = walk(FIRST + offset * MINUTE, limit, moves)
    now = history[-1]["at"]
    before = clocks_of(history, PLAIN_STAGE_LIMITS, MEASURES)
    history.step(now, "SWITCH_CLOCK", emergency_id="flood", limit=other.row())
    history.step(now, "SWITCH_CLOCK", emergency_id=None, limit=slow.case.limit.row())
    after = clocks_of(history, PLAIN_STAGE_LIMITS, MEASURES)
    assert before.case is not None
    assert after.case is not None
    assert (after.case.due_at, after.case.budget_s, after.case.used_s) == (
        before.case.due_at, before.case.budget_s, before.case.used_s)  # fmt: skip
