"""What makes a case take another way than the plain one: the base of all twists, in which nothing does."""

from __future__ import annotations

from collections import Counter

from city_demo.morning.crew import Crew
from city_demo.morning.stories import Story
from city_demo.morning.watch import Row, Watch

_WAKING_LIMIT_S = 6.0


class Twist:
    """A story that goes the plain way; `counts` is what the city answered to its phones, for the summary."""

    def __init__(self, story: Story, crew: Crew, watch: Watch) -> None:
        self.story = story
        self.watch = watch
        self.crew = crew
        self.counts: Counter[str] = Counter()

    async def before_report(self) -> None:
        """Do what comes before the report."""

    async def report(self, picture: bytes) -> Row | None:
        """Report in place of the plain way; gives the case, nothing when the plain way goes on."""
        return None

    async def act(self) -> bool:
        """Act in place of the plain way; false when the plain way goes on."""
        return False

    async def asked(self) -> str:
        """Find who is asked to do something now, once their phone was told or should have been."""
        person_id, seq = await self.watch.task()
        await self.crew.is_woken(person_id, self.watch.case_id, seq, _WAKING_LIMIT_S)
        return person_id
