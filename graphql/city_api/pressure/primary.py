"""Whether MongoDB has a primary that answers, known before a request has to wait for it."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from city_api.pressure.entrance import Doors
from city_core.kit.city import City
from city_core.kit.logs import failure

log = structlog.get_logger()
_LOOK_SECONDS = 1.0
_PATIENCE_SECONDS = 2.5
_LATE_SECONDS = 0.5


class PrimaryWatch:
    """Asks once a second; a primary that is silent for some seconds counts as gone until it answers."""

    def __init__(self, city: City, doors: Doors) -> None:
        self._city = city
        self._doors = doors

    async def watch(self) -> None:
        """Look until cancelled; an answer that is late is waited for, so that one question is under way."""
        while True:
            question = asyncio.ensure_future(self._city.database.command("ping"))
            try:
                await self._hear(question)
            finally:
                question.cancel()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _hear(self, question: asyncio.Future[Any]) -> None:
        loop = asyncio.get_running_loop()
        while not question.done():
            began = loop.time()
            await asyncio.wait([question], timeout=_PATIENCE_SECONDS)
            # Where this process itself was late, its own stop says nothing about MongoDB: it looks again.
            is_late = loop.time() - began > _PATIENCE_SECONDS + _LATE_SECONDS
            if not question.done() and not is_late:
                self._note(is_there=False)
        error = question.exception()
        if error is not None:
            log.warning("mongodb_not_asked", **failure(error))
        self._note(is_there=error is None)

    def _note(self, *, is_there: bool) -> None:
        if is_there != self._doors.has_primary:
            log.warning("primary_is_back" if is_there else "primary_is_gone")
        self._doors.has_primary = is_there
