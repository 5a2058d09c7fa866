"""Waits for a condition, with a limit; the only place where tests pause between two looks."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

_PAUSE_SECONDS = 0.03


async def until(
    holds: Callable[[], Any | Awaitable[Any]],
    what: str | Callable[[], object] = "a condition",
    *,
    seconds: float = 60.0,
) -> Any:
    """Look until a condition holds and give what it gave; say what was waited for when it does not."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        if time.monotonic() > deadline:
            told = what if isinstance(what, str) else what()
            raise AssertionError(f"Waited {seconds:.0f} s in vain for: {told}")
        await asyncio.sleep(_PAUSE_SECONDS)
