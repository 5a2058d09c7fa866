"""How long a request may take from its place on, until its answer begins; and each piece of a long answer.

GraphQL has a limit of its own (`row_executor`), which tells MongoDB too, and news is waited for on purpose.
What answers with files has a longer one. An answer that goes on, as an export does, has no limit as a whole,
as it takes as long as its rows; but a reader who takes nothing for a while is let go, with the place it held.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from types import TracebackType

from city_core.kit.mongo import within

_OWN = ("/graphql", "/sync/wait")
_READS = ("/map", "/s/", "/similar")
_GOES_ON = ("/registries", "/my-data")


def limit_of(path: str, operation_seconds: float, file_seconds: float) -> float | None:
    """Tell how many seconds a request for a path has; None where it has a limit of its own."""
    if path.startswith(_OWN):
        return None
    return operation_seconds if path.startswith(_READS) else file_seconds


def database_time(path: str, seconds: float | None) -> contextlib.AbstractContextManager[None]:
    """Tell MongoDB as well how long a question has, unless its answer goes on after it began."""
    return contextlib.nullcontext() if seconds is None or path.startswith(_GOES_ON) else within(seconds)


class Deadline:
    """The time of one request: raises TimeoutError in whoever holds it once it is over."""

    def __init__(self, seconds: float | None, write_seconds: float) -> None:
        self.seconds = seconds
        self._write_seconds = write_seconds
        self._timeout = asyncio.timeout(None)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._timeout.__aexit__(kind, error, trace)

    @property
    def is_over(self) -> bool:
        return self._timeout.expired()

    def begin(self) -> None:
        """Let the time run, now that everything that was sent is here."""
        if self.seconds is not None:
            self._last(self.seconds)

    @contextlib.contextmanager
    def of_one_write(self) -> Iterator[None]:
        """Let a reader have a while for one piece of the answer; what comes before the next has no limit."""
        self._last(self._write_seconds)
        yield
        self._last(None)

    def _last(self, seconds: float | None) -> None:
        if not self.is_over:
            until = None if seconds is None else asyncio.get_running_loop().time() + seconds
            self._timeout.reschedule(until)
