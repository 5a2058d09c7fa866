"""What all these tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from city_core.kit.city import City
from tests.registered_keys import unregistered_keys


@pytest.fixture(autouse=True)
async def nothing_unregistered(city: City) -> AsyncIterator[None]:
    """Whatever a test has stored is on the register of what the city keeps."""
    yield
    assert await unregistered_keys(city.database) == set()
