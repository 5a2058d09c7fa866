"""A town with a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from city_core.kit.city import City
from tests.hand_clock import HandClock
from tests.integration.census.town import Town, found_town
from tests.registered_keys import unregistered_keys


@pytest.fixture
async def town(city: City) -> Town:
    clock = HandClock(datetime(2026, 11, 2, 1, tzinfo=UTC))
    return await found_town(replace(city, clock=clock), clock)


@pytest.fixture(autouse=True)
async def nothing_unregistered(city: City) -> AsyncIterator[None]:
    """Whatever a test has stored is on the register of what the city keeps."""
    yield
    assert await unregistered_keys(city.database) == set()
