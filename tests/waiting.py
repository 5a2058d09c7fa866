"""Waits for a condition, with a limit; the only place where tests pause between two looks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

_PAUSE_SECONDS = 0.02
Seen = TypeVar("Seen")


async def until(look: Callable[[], Awaitable[Seen | None]], *, seconds: float = 20) -> Seen:
    """Look again and again until something true is seen, and answer it; fails after the limit."""
    async with asyncio.timeout(seconds):
        while not (seen := await look()):  # noqa: ASYNC110 - real servers and processes tell no event
            await asyncio.sleep(_PAUSE_SECONDS)
        return seen
