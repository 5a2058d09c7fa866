"""The queues of wake-ups, where Redis is gone."""

from __future__ import annotations

import pytest

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.operation.wakes import wake_of_queue, wakes_of_queue, wakes_of_queues
from tests.village import found_village


async def test_without_redis_the_queues_cannot_be_told_for_now(city: City) -> None:
    keeper = (await found_village(city))["administrator-1"]
    for asked in (
        wakes_of_queues(city, keeper),
        wakes_of_queue(city, keeper, "jobs"),
        wake_of_queue(city, keeper, "jobs", "x"),
    ):
        with pytest.raises(CityProblem) as told:
            await asked
        assert told.value.code == "BUSY"
