"""Whether MongoDB has a primary that answers, known before a request has to wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog

from city_api.pressure.entrance import Doors
from city_core.kit.city import City
from city_core.kit.logs import failure

log = structlog.get_logger()
_LOOK_SECONDS = 1.0
_PATIENCE_SECONDS = 2.0


class PrimaryWatch:
    """Asks once a second; a primary that is silent for two counts as gone until it answers."""

    def __init__(self, city: City, doors: Doors) -> None:
        self._city = city
        self._doors = doors

    async def watch(self) -> None:
        """Look until cancelled; an answer that is late is waited for, so that one question is under way."""
        while True:
            question = asyncio.ensure_future(self._city.database.command("ping"))
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await asyncio.shield(question)
            except TimeoutError:
                self._note(is_there=False)
                self._note(is_there=await self._late_answer(question))
            except Exception as error:
                log.warning("mongodb_not_asked", **failure(error))
                self._note(is_there=False)
            except asyncio.CancelledError:
                question.cancel()
                raise
            else:
                self._note(is_there=True)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _late_answer(self, question: asyncio.Future[Any]) -> bool:
        with contextlib.suppress(Exception):
            await question
            return True
        return False

    def _note(self, *, is_there: bool) -> None:
        if is_there != self._doors.has_primary:
            log.warning("primary_is_back" if is_there else "primary_is_gone")
        self._doors.has_primary = is_there
