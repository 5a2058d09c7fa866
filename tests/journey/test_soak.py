"""The soak, for some seconds: that it loads a real city with all that it means to, and gives figures."""

from __future__ import annotations

from city_demo.morning.crew import Crew
from city_seed.reference import read_reference
from city_seed.zhangdian import build_places
from tests.bench.town import Town
from tests.journey.running_city import RunningCity
from tests.soak.__main__ import load_town

SECONDS = 12.0


async def test_a_short_soak_loads_the_city_and_tells_its_slopes(
    running_city: RunningCity, crew: Crew
) -> None:
    town = Town(running_city, crew, crew.hints, build_places(read_reference().divisions))
    figures = await load_town(town, SECONDS / 60, walks_a_minute=30, reads_a_second=5, warm_up=0.2)
    assert set(figures["memory"]) == {"api", "jobs-worker", "detection-worker"}
    assert all(row["from_mb"] > 10 for row in figures["memory"].values())
    assert figures["reads"]["count"] > SECONDS
    assert figures["faults"] == {}
    assert isinstance(figures["is_steady"], bool)
