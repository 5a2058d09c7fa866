"""The town that every test of requests starts with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from city_core.bootstrap import open_city
from city_core.kit.clock import SystemClock
from city_core.kit.waking import QuietWaker
from city_demo.embedded import EmbeddedMongod
from tests.conftest import empty, settings_for
from tests.hand_clock import HandClock
from tests.integration.cases.requests.town import Town
from tests.village import found_village


@pytest.fixture
async def town(mongod: EmbeddedMongod) -> AsyncIterator[Town]:
    clock = HandClock(SystemClock().now())
    async with open_city(settings_for(mongod), app_name="t", clock=clock, waker=QuietWaker()) as city:
        yield Town(city, clock, await found_village(city))
        await empty(city.database)
