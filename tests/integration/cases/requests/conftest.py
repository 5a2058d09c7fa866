"""The town that every test of requests starts with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from city_core.bootstrap import open_city
from city_core.kit.waking import QuietWaker
from city_demo.embedded import EmbeddedMongod
from tests.conftest import settings_for
from tests.integration.cases.requests.town import HandClock, Town
from tests.village import found_village


@pytest.fixture
async def town(mongod: EmbeddedMongod) -> AsyncIterator[Town]:
    clock = HandClock()
    async with open_city(settings_for(mongod), app_name="t", clock=clock, waker=QuietWaker()) as city:
        yield Town(city, clock, await found_village(city))
        await city.database.client.drop_database(city.database.name)
