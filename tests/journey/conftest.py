"""One running city for all tests that break it, with short sweeps and leases, and its people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from city_demo.morning.crew import Crew
from city_demo.phones import Hints
from city_demo.phones.citizen import codes_in
from tests.journey.running_city import RunningCity


@pytest.fixture(scope="package")
def running_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """A whole city in real processes, ended with the last test of this folder: it is never quite idle."""
    folder = tmp_path_factory.mktemp("city")
    with RunningCity(folder, WORK_SWEEP_SECONDS="0.5", WORK_LEASE_SECONDS="4") as city:
        yield city


@pytest.fixture
async def crew(running_city: RunningCity) -> AsyncIterator[Crew]:
    """The people of the city with their phones."""
    async with (
        Hints(running_city.fcm_url) as hints,
        Crew(running_city.url, hints, codes_in(running_city.api_log)) as people,
    ):
        yield people
