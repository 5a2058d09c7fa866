"""Ended cases of before there were tallies are counted (decision 0027)."""

from __future__ import annotations

from city_core.cases.tallies.rebuild import recount
from city_core.kit.city import City
from city_core.operation.migrations.step import Step, Told


async def _run(city: City, told: Told) -> int:
    return await _count(city, told, only_check=False)


async def _left(city: City, told: Told) -> int:
    return await _count(city, told, only_check=True)


async def _count(city: City, told: Told, *, only_check: bool) -> int:
    seen = wrong = 0
    async for grid in recount(city, only_check=only_check):
        seen += grid.cases
        wrong += grid.miscounted + grid.rows
        await told(seen)
    return wrong


COUNT_ENDED_CASES = Step(
    "0001_count_ended_cases",
    "Counts ended cases of before into the tallies of the map.",
    _run,
    _left,
)
