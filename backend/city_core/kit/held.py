"""Rights that one process holds at a time, given back whenever it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from city_core.kit.mongo import PyMongoError

T = TypeVar("T")


@asynccontextmanager
async def held(
    take: Coroutine[Any, Any, T | None], release: Callable[[T], Awaitable[None]]
) -> AsyncIterator[T | None]:
    """Hold what `take` brings, None where somebody else has it, and give it back at the end.

    Who is told to end before the answer came may have been given the right all the same: it is waited for.
    """
    taking = asyncio.create_task(take)
    try:
        yield await asyncio.shield(taking)
    finally:
        with contextlib.suppress(PyMongoError):  # without MongoDB it ends with its lease
            taken = await taking
            if taken is not None:
                await release(taken)
