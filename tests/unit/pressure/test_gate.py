"""Who waits at a gate, how long, and who is sent away because the line is too slow for them."""

from __future__ import annotations

import asyncio

import pytest

from city_api.pressure.gate import Gate, Overloaded
from city_api.pressure.pace import Pace
from tests.waiting import until


async def a_line(gate: Gate, count: int) -> list[asyncio.Task[None]]:
    """Take all places of a gate, and have so many more wait."""
    for _ in range(gate.places):
        await gate.enter()
    waiting = [asyncio.create_task(gate.enter()) for _ in range(count)]
    await until(lambda: gate.waiting == count, "a line")
    return waiting


async def went_in(waiting: list[asyncio.Task[None]]) -> list[bool | None]:
    """Tell of each who waits whether it went in (None: it still waits)."""
    await asyncio.sleep(0)
    return [None if not one.done() else one.exception() is None for one in waiting]


async def test_a_stall_ends_nobodys_patience_and_time_does() -> None:
    gate = Gate(places=1, line=5, patience_seconds=3.0, now=lambda: 0.0)
    waiting = await a_line(gate, 2)
    for _ in range(5):
        gate.let_pass(0.5)
    assert await went_in(waiting) == [None, None]
    gate.leave()
    gate.let_pass(0.5)
    assert await went_in(waiting) == [True, False]
    assert (gate.in_work, gate.waiting, gate.refused) == (1, 0, 1)
    gate.leave()
    assert gate.in_work == 0


def test_a_pace_is_known_once_all_places_have_changed_hands_and_forgets_what_was_long_ago() -> None:
    pace = Pace(least=4)
    pace.note_left(0.0)  # nobody waited: it says nothing
    pace.begin(10.0)
    for _ in range(3):
        pace.note_left(10.5)
    assert pace.wait_of(10, 11.0) is None
    pace.note_left(11.0)
    assert pace.wait_of(10, 11.0) == pytest.approx(2.5)
    assert pace.wait_of(10, 14.0) == pytest.approx(10.0), "nobody leaves: the line is slower by now"
    for _ in range(12):
        pace.note_left(14.0)
    assert (pace.left, pace.wait_of(10, 14.0)) == (8, pytest.approx(2.5))
    pace.end()
    assert pace.wait_of(10, 14.0) is None


async def test_who_would_wait_in_vain_is_told_at_once_and_who_comes_then_too() -> None:
    instants = [0.0]
    gate = Gate(places=2, line=100, patience_seconds=30.0, now=lambda: instants[0])
    waiting = await a_line(gate, 50)
    instants[0] = 4.0
    gate.leave()
    gate.leave()  # two in four seconds
    gate.let_pass(0.1)
    seen = await went_in(waiting)
    # Half as many again as will have their turn in 30 s: a line may become faster.
    assert seen == [True] * 2 + [None] * 22 + [False] * 26
    with pytest.raises(Overloaded):
        await gate.enter()
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
