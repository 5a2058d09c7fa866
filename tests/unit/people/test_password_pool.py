"""The pool that hashes passwords: it never lets a queue grow without end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from city_core.kit.problems import CityProblem
from city_core.people.passwords import BoundedPool
from tests.waiting import until


async def test_a_full_queue_answers_busy_and_has_room_again_afterwards() -> None:
    pool, go_on = BoundedPool(workers=1, most_waiting=2), threading.Event()
    running = [asyncio.create_task(pool.run(lambda: go_on.wait(10))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(CityProblem, match="BUSY"):
        await pool.run(lambda: True)
    go_on.set()
    assert await asyncio.gather(*running) == [True] * 3
    assert await until(lambda: pool.has_room)
    assert await pool.run(lambda: True)


async def test_whoever_goes_away_leaves_their_place_only_when_the_work_is_over() -> None:
    pool, go_on, begun = BoundedPool(workers=1, most_waiting=0), threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return go_on.wait(10)

    running = asyncio.create_task(pool.run(work))
    await until(begun.is_set)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(CityProblem, match="BUSY"):
        await pool.run(lambda: True)
    go_on.set()
    assert await until(lambda: pool.has_room)
