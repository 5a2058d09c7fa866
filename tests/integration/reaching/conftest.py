"""A city on a clock that the test turns."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.waking import QuietWaker
from city_demo.embedded import EmbeddedMongod
from tests.conftest import empty, settings_for
from tests.hand_clock import HandClock, beijing
from tests.integration.reaching.town import Town, found_town


@pytest.fixture
def clock() -> HandClock:
    return HandClock(beijing(3, 9))


@pytest.fixture
async def slow_city(mongod: EmbeddedMongod, clock: HandClock) -> AsyncIterator[City]:
    settings = settings_for(mongod)
    async with open_city(settings, app_name="test", clock=clock, waker=QuietWaker()) as opened:
        yield opened
        await empty(opened.database)


@pytest.fixture
async def town(slow_city: City, clock: HandClock) -> Town:
    return await found_town(slow_city, clock)
