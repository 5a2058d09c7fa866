"""A whole city of its own for measuring, with all of its staff on duty."""

from __future__ import annotations

import random
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from city_demo.morning.crew import Crew
from city_demo.phones import Hints
from city_demo.phones.citizen import codes_in
from city_seed.people import INSPECTORS_PER_COMMUNITY
from city_seed.reference import read_reference
from city_seed.zhangdian import Places, build_places
from tests.journey.running_city import Row, RunningCity
from tests.waiting import until

OFFICERS, CITIZENS = 90, 10
CLERKS = [f"acceptor-{number:03d}" for number in range(1, 7)]
CHIEFS = [f"shift-leader-{number:03d}" for number in range(1, 5)]
LEADER = "leader-001"
CONNECTIONS = 24
# Types that a rule files when they come with their condition, over eight departments.
KINDS: tuple[tuple[str, str], ...] = (
    ("E0110", "E0110-1"), ("E0112", "E0112-1"), ("E0201", "E0201-1"), ("E0401", "E0401-1"),
    ("E0405", "E0405-1"), ("E0506", "E0506-1"), ("C0102", "C0102-1"), ("C0123", "C0123-1"),
    ("E0117", "E0117-1"), ("E0410", "E0410-1"), ("E0508", "E0508-1"), ("C0305", "C0305-2"),
)  # fmt: skip


@dataclass
class Town:
    """A running city, its people, and dice that fall the same way at every run."""

    city: RunningCity
    crew: Crew
    hints: Hints
    places: Places
    dice: random.Random = field(default_factory=lambda: random.Random(20260101))

    def any_grid(self) -> Row:
        """Choose any unit grid of the district."""
        return self.dice.choice(self.places.unit_grids)

    def point_in(self, grid: Row) -> tuple[float, float]:
        """Choose a point near the middle of a grid."""
        lng, lat = grid["centre"]["coordinates"]
        return lng + self.dice.uniform(-5e-5, 5e-5), lat + self.dice.uniform(-5e-5, 5e-5)

    def inspector_of(self, grid: Row) -> str:
        """Choose one of the inspectors who walk a grid."""
        communities = sorted({row["community_code"] for row in self.places.unit_grids})
        first = communities.index(grid["community_code"]) * INSPECTORS_PER_COMMUNITY
        return f"inspector-{first + self.dice.randint(1, INSPECTORS_PER_COMMUNITY):03d}"

    def any_citizen(self) -> str:
        return f"citizen-{self.dice.randint(1, CITIZENS):03d}"

    async def everybody_comes(self, told: Callable[[int, int], None]) -> None:
        """Have all staff and some citizens sign in and register their phones."""
        inspectors = len({row["community_code"] for row in self.places.unit_grids}) * INSPECTORS_PER_COMMUNITY
        people = [
            LEADER,
            *CLERKS,
            *CHIEFS,
            *(f"officer-{number:03d}" for number in range(1, OFFICERS + 1)),
            *(f"inspector-{number:03d}" for number in range(1, inspectors + 1)),
            *(f"citizen-{number:03d}" for number in range(1, CITIZENS + 1)),
        ]
        for start in range(0, len(people), 12):
            await self.crew.come_on_duty(people[start : start + 12])
            told(min(start + 12, len(people)), len(people))

    async def is_idle(self, seconds: float = 120.0) -> None:
        """Wait until there is no work left anywhere."""
        await until(
            lambda: not self.city.open_work(),
            lambda: f"idleness; {self.city.open_work()[:5]}",
            seconds=seconds,
        )

    async def is_tallied(self, seconds: float = 600.0) -> None:
        """Wait until every ended case is counted in the tallies."""

        def due() -> int:
            return self.city.database.cases.count_documents({"tally_due": True})

        await until(lambda: not due(), lambda: f"{due()} cases to be counted", seconds=seconds)


@asynccontextmanager
async def open_town(**settings: str) -> AsyncIterator[Town]:
    """Bring up a city in a temporary folder, and take it down again."""
    with (
        tempfile.TemporaryDirectory(prefix="yiwang-bench-", ignore_cleanup_errors=True) as folder,
        RunningCity(Path(folder), **settings) as city,
    ):
        async with (
            Hints(city.fcm_url) as hints,
            Crew(city.url, hints, codes_in(city.api_log), connections=CONNECTIONS) as crew,
        ):
            yield Town(city, crew, hints, build_places(read_reference().divisions))
