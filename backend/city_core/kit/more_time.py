"""What must still be done though the time of an operation is over."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from city_core.kit.mongo import within

T = TypeVar("T")


async def with_more_time(seconds: float, do: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do something that outlives the time of `within`; it has so many seconds of its own."""

    async def in_time() -> T:
        with within(seconds):
            return await do()

    # The time that is over belongs to the context of whoever asked.
    task = asyncio.get_running_loop().create_task(in_time(), context=contextvars.Context())
    return await asyncio.shield(task)
