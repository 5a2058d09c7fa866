"""What makes a case take another way than the plain one: the base of all twists, in which nothing does."""

from __future__ import annotations

from city_demo.morning.crew import Crew
from city_demo.morning.stories import Story
from city_demo.morning.watch import Watch


class Twist:
    """A story that goes the plain way."""

    def __init__(self, story: Story, crew: Crew, watch: Watch) -> None:
        self.story = story
        self.watch = watch
        self.crew = crew

    async def before_report(self) -> None:
        """Do what comes before the report."""

    async def act(self) -> bool:
        """Act in place of the plain way; false when the plain way goes on."""
        return False
