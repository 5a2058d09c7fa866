"""Who had a case when: no gap, no overlap, and the holders' times add up to the time of the case."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest

from hypothesis import given, settings
from hypothesis import strategies as st

from city_core.cases.clocks.holders import holders_of
from city_core.cases.clocks.stages import ENDED, PAUSED, STAGES, Holder
from city_core.catalogue.limits import Limit
from tests.unit.cases.clocks.histories import beijing, handled_by, hours, reported

MONDAY = beijing(2026, 11, 16, 9)
states, departments = sorted({*STAGES, *PAUSED}), ["a", "b", None]
moves = st.lists(
    st.tuples(st.integers(0, 3_000), st.sampled_from(states), st.sampled_from(departments)),
    max_size=20,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(moves=moves, lasts=st.integers(0, 3_000), end=st.sampled_from(sorted(ENDED)))
def test_the_times_of_the_holders_are_the_time_of_the_case(
    moves: list[tuple[int, str, str | None]], lasts: int, end: str
) -> None:
    now, history = MONDAY, reported(MONDAY)
    for minutes, state, department in moves:
        now += timedelta(minutes=minutes)
        history.step(now, "DISPATCH" if state == "DISPATCHED" else "GO", state, to_department=department)
    now += timedelta(minutes=lasts)
    history.step(now, "END", end)
    held = holders_of(history)
    total = timedelta()
    for holding, following in zip_longest(held, held[1:]):
        assert holding.until is not None
        assert holding.until > holding.since
        total += holding.until - holding.since
        if following is not None:
            assert following.since == holding.until
            assert (following.holder, following.key) != (holding.holder, holding.key)
    assert total == now - MONDAY


def test_a_morning_with_a_return_and_a_suspension() -> None:
    history = handled_by(MONDAY, Limit(4, "work_hour"), "sanitation")
    history.step(MONDAY + hours(1), "RETURN", "FILED")
    history.step(MONDAY + hours(2), "DISPATCH", "DISPATCHED", to_department="water")
    history.step(MONDAY + hours(3), "DECIDE_SUSPENSION", "SUSPENDED")
    history.step(MONDAY + hours(4), "RESUME", "IN_PROGRESS")
    history.step(MONDAY + hours(5), "REPORT_HANDLED", "HANDLED")
    assert [(held.holder, held.key) for held in holders_of(history)] == [
        (Holder.DEPARTMENT, "sanitation"), (Holder.DISPATCHER, "DISTRICT"), (Holder.DEPARTMENT, "water"),
        (Holder.NOBODY, "SUSPENDED"), (Holder.DEPARTMENT, "water"), (Holder.CHECKER, ""),
    ]  # fmt: skip
    assert holders_of(history)[-1].until is None
    assert holders_of([]) == []
