"""A village with a clock that is turned by hand, for commands that wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from city_core.kit.city import City
from city_core.kit.clock import SystemClock
from city_core.people.roles import Actor
from tests.hand_clock import HandClock
from tests.village import found_village


@pytest.fixture
def clock() -> HandClock:
    """Begins now: MongoDB takes outcomes away by its own clock."""
    return HandClock(SystemClock().now())


@pytest.fixture
async def town(city: City, clock: HandClock) -> City:
    return replace(city, clock=clock)


@pytest.fixture
async def people(town: City) -> AsyncIterator[dict[str, Actor]]:
    yield await found_village(town)
