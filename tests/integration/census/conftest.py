"""A town with a clock that is turned by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from city_core.kit.city import City
from tests.hand_clock import HandClock
from tests.integration.census.town import Town, found_town


@pytest.fixture
async def town(city: City) -> Town:
    clock = HandClock(datetime(2026, 11, 2, 1, tzinfo=UTC))
    return await found_town(replace(city, clock=clock), clock)
