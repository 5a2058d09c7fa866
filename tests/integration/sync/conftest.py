"""The village that the tests of delta sync share."""

from __future__ import annotations

import pytest

from city_core.kit.city import City
from city_core.people.roles import Actor
from tests.village import found_village


@pytest.fixture
async def people(city: City) -> dict[str, Actor]:
    """Found the village in the empty city; answers its people by name."""
    return await found_village(city)
