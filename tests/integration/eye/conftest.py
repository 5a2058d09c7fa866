"""A village that machines watch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from city_core.eye.note_finds import note_finds
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from tests.hand_clock import HandClock
from tests.machines import GARBAGE, a_source, hand_in, see
from tests.registered_keys import unregistered_keys
from tests.village import found_village
from tests.work_by_hand import do_due_work

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HEARD = {"raise_event", "open_event_case", "photo_seen"}


@dataclass
class Watched:
    """A village, its people, a clock, and a platform with fixed cameras."""

    city: City
    people: dict[str, Actor]
    clock: HandClock
    source: Row

    async def show(
        self, frame_id: str, *, boxes: Any = (GARBAGE,), source: Row | None = None, **given: Any
    ) -> None:
        """Have a frame come in, be looked at and noted, and what follows done."""
        chosen = source or self.source
        outcome = await hand_in(self.city, chosen, frame_id, self.clock.now(), **given)
        assert outcome.outcome == "ACCEPTED", outcome
        await note_finds(self.city, await see(self.city, chosen, frame_id, boxes))
        await do_due_work(self.city, HEARD)

    async def events(self, **query: Any) -> list[Row]:
        return await self.city.database.eye_events.find(query).sort("_id", 1).to_list(None)


@pytest.fixture
async def watched(city: City) -> Watched:
    """Let a platform of fixed cameras into the village."""
    clock = HandClock(NOON)
    own = replace(city, clock=clock)
    people = await found_village(own)
    issued = await a_source(own, people["security-administrator-1"])
    return Watched(own, people, clock, issued.source)


@pytest.fixture(autouse=True)
async def nothing_unregistered(city: City) -> AsyncIterator[None]:
    """Whatever a test has stored is on the register of what the city keeps."""
    yield
    assert await unregistered_keys(city.database) == set()
