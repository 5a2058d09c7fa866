"""One citizen's whole life, lived once for all who look at what it left."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import pytest
import structlog

from city_core.kit.city import City, OpenedRules
from city_core.kit.numbering import Numbering
from city_core.kit.waking import QuietWaker
from city_core.people.roles import Actor
from tests.conftest import empty
from tests.hand_clock import HandClock, beijing
from tests.integration.privacy.whole_life import Life, live, sign_in
from tests.veils_by_hand import veil
from tests.village import found_village


@dataclass
class Town:
    """A village with a clock that the test turns, the citizen's life in it, and what was logged meanwhile."""

    city: City
    clock: HandClock
    people: dict[str, Actor]
    life: Life
    lines: list[str]


class _Kept(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("city_", "litestar", "saq", "httpx")):
            self.lines.append(record.getMessage())


@pytest.fixture
def clock() -> HandClock:
    return HandClock(beijing(2, 9, 41))


@pytest.fixture
async def village(city: City, clock: HandClock) -> tuple[City, dict[str, Actor]]:
    """An empty village on that clock."""
    here = replace(city, clock=clock)
    return here, await found_village(here)


@pytest.fixture(scope="module")
async def town(opened_city: City) -> AsyncIterator[Town]:
    """A village in which a citizen signed in, reported, answered and rated; others did their part."""
    clock = HandClock(beijing(2, 9, 41))
    fresh = {"opened_rules": OpenedRules(), "numbering": Numbering()}
    city = replace(opened_city, clock=clock, waker=QuietWaker(), **fresh)
    people = await found_village(city)
    lines: list[str] = []
    with _listening(lines):
        actor = await sign_in(city)
        life = await live(city, people, actor, clock)
    await veil(city, life.in_case)
    yield Town(city, clock, people, life, lines)
    await empty(city.database)


class _listening:
    """Keeps every line that is logged."""

    def __init__(self, lines: list[str]) -> None:
        self._lines, self._handler = lines, _Kept(lines)
        self._captured: Iterator[None] | None = None

    def __enter__(self) -> None:
        logging.getLogger().addHandler(self._handler)
        self._capture = structlog.testing.capture_logs()
        self._events = self._capture.__enter__()

    def __exit__(self, *_: object) -> None:
        self._capture.__exit__(None, None, None)
        logging.getLogger().removeHandler(self._handler)
        self._lines += [json.dumps(event, default=str, ensure_ascii=False) for event in self._events]
