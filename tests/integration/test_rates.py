"""Limits of rate: the same rule in Redis and in this process, and what happens when Redis is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from city_core.kit.ids import new_id
from city_core.kit.rates.counting import Counting, CountingHere, CountingInRedis
from city_core.kit.rates.gcra import Allowance, Taking, judge
from city_core.kit.rates.rates import Rates, TooManyRequests
from city_demo.embedded import EmbeddedRedis
from tests.waiting import until

SLOW = Allowance("slow", 0.01, 10)  # flows off in no test
FAST = Allowance("fast", 200, 10)


@pytest.fixture(params=["redis", "here"])
async def counting(request: pytest.FixtureRequest, redis_server: EmbeddedRedis) -> AsyncIterator[Counting]:
    made: Counting = CountingInRedis(redis_server.url) if request.param == "redis" else CountingHere()
    yield made
    await made.close()


async def test_a_burst_is_let_in_and_then_one_waits_for_as_long_as_it_takes(counting: Counting) -> None:
    who = new_id()
    assert [await counting.take([Taking(SLOW, who, 5)]) for _ in range(2)] == [0, 0]
    assert await counting.take([Taking(SLOW, who, 5)]) == pytest.approx(500, abs=5)
    assert await counting.take([Taking(SLOW, who, 1)]) == pytest.approx(100, abs=5)
    assert await counting.take([Taking(SLOW, new_id(), 1)]) == 0


async def test_what_was_taken_flows_off(counting: Counting) -> None:
    who = new_id()
    assert await counting.take([Taking(FAST, who, 10)]) == 0
    assert await counting.take([Taking(FAST, who, 10)]) > 0

    async def is_free_again() -> bool:
        return await counting.take([Taking(FAST, who, 10)]) == 0

    await until(is_free_again, "what was taken to flow off")


async def test_all_is_taken_or_nothing(counting: Counting) -> None:
    one, other = new_id(), new_id()
    await counting.take([Taking(SLOW, one, 10)])
    assert await counting.take([Taking(SLOW, other, 10), Taking(SLOW, one, 1)]) > 0
    assert await counting.take([Taking(SLOW, other, 10)]) == 0


async def test_many_at_once_get_no_more_than_one_after_the_other(counting: Counting) -> None:
    who = new_id()
    waits = await asyncio.gather(*(counting.take([Taking(SLOW, who, 1)]) for _ in range(40)))
    assert waits.count(0) == 10


async def test_more_than_the_burst_is_let_in_when_nothing_was_taken(counting: Counting) -> None:
    assert await counting.take([Taking(SLOW, new_id(), 1_000)]) == 0


def test_nothing_is_kept_of_what_was_refused() -> None:
    wait, kept = judge([Taking(SLOW, "a", 1)], {"rate:slow:a": 2_000.0}, now=0.0)
    assert (wait, kept) == (1_100.0, {})


async def test_those_who_asked_longest_ago_are_forgotten_first() -> None:
    here = CountingHere(most_remembered=3)
    for who in ("a", "b", "c", "d"):
        await here.take([Taking(SLOW, who, 10)])
    assert len(here) == 3
    assert await here.take([Taking(SLOW, "d", 10)]) > 0
    assert await here.take([Taking(SLOW, "a", 10)]) == 0


class _Gone:
    """Stands where Redis should, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def take(self, takings: object) -> float:
        self.asked += 1
        raise ConnectionError

    async def close(self) -> None:
        return None


async def test_without_redis_a_process_counts_by_itself_and_asks_again_after_a_while() -> None:
    gone, time = _Gone(), [0.0]
    rates = Rates(gone, CountingHere(lambda: time[0]), now=lambda: time[0])
    for _ in range(10):
        await rates.take(Taking(SLOW, "a", 1))
    with pytest.raises(TooManyRequests) as refused:
        await rates.take(Taking(SLOW, "a", 1))
    assert (gone.asked, refused.value.retry_after_seconds) == (1, 100)
    time[0] = 3.0
    with pytest.raises(TooManyRequests):
        await rates.take(Taking(SLOW, "a", 1))
    assert gone.asked == 2
