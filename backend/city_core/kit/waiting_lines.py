"""How much work of a kind waits: entrances that can wait ask for patience before the line grows too long."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Collection

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

_LEAST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 15, 45
_REMEMBERED_SECONDS = 1.0
_known: dict[tuple[str, str], tuple[float, bool]] = {}


class LineFull(CityProblem):
    """The refusal, for now, of what would lengthen a line; says after how many seconds to come again."""

    def __init__(self, field: str) -> None:
        # Lines are minutes long, and those who are sent away at one moment must not all come at another.
        self.retry_after_seconds = random.randint(_LEAST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
        super().__init__("BUSY", field=field, allowed="the same again in a moment")


async def check_line(city: City, collection: str, kind: str, most: int, *, field: str) -> None:
    """Refuse, for now, what would lengthen a line of so many work items; reports of people never ask here."""
    if await is_long(city, collection, [kind], most):
        raise LineFull(field)


async def is_long(city: City, collection: str, kinds: Collection[str], most: int) -> bool:
    """Tell whether so many documents wait for work of these kinds; what was given up waits no more."""
    waiting: Row = {"work": {"$elemMatch": {"kind": {"$in": list(kinds)}, "due_at": {"$ne": None}}}}
    return int(await city.database[collection].count_documents(waiting, limit=most)) >= most


async def remembered(city: City, line: str, look: Callable[[], Awaitable[bool]]) -> bool:
    """Look at most once a second a process: a thousand phones ask the same."""
    asked, key = time.monotonic(), (city.database.name, line)
    until, found = _known.get(key, (0.0, False))
    if asked >= until:
        found = await look()
        _known[key] = (asked + _REMEMBERED_SECONDS, found)
    return found
