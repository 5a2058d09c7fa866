"""The jobs that a process does at this moment: finished when it stops, or given back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from city_core.kit.city import City
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.kit.work import Handler


class Hands:
    """Does work items in tasks of their own, so that whoever waits for one can go while it is finished."""

    def __init__(self, city: City, handlers: Mapping[str, Handler]) -> None:
        self._city = city
        self._handlers = handlers
        self._under_way: set[asyncio.Task[bool]] = set()
        self.is_stopping = False

    async def do(self, wake: Wake) -> bool:
        """Do one work item if it can be claimed; True if it was done. None is begun when stopping."""
        if self.is_stopping:
            return False
        task = asyncio.create_task(perform(self._city, self._handlers, wake))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def finish(self) -> None:
        """Let what is under way come to its end, for as long as there is time; the rest is given back."""
        self.is_stopping = True
        under_way = set(self._under_way)
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=self._city.settings.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
