"""The village that the tests of cases share."""

from __future__ import annotations

import pytest

from city_core.kit.city import City
from tests.integration.cases.emergencies import MONDAY_MORNING, Town, found_town
from tests.integration.cases.support import People
from tests.village import found_village


@pytest.fixture
async def people(city: City) -> People:
    """Found the village in the empty city; answers its people by name."""
    return await found_village(city)


@pytest.fixture
async def town(city: City) -> Town:
    """Found a village whose leader may switch to emergency, on a working morning."""
    return await found_town(city, MONDAY_MORNING)
