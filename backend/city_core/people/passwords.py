"""Password hashes: argon2id with 19 MiB and two passes, never on the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from city_core.kit.problems import CityProblem

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_WORKERS, _MOST_WAITING = 2, 64


class BoundedPool:
    """Works off the event loop, a few things at a time; too many who wait are told to come back."""

    def __init__(self, workers: int, most_waiting: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="password")
        self._most = workers + most_waiting
        self._inside = 0

    @property
    def has_room(self) -> bool:
        """Whether one more thing may come in."""
        return self._inside < self._most

    async def run(self, work: Callable[[], bool]) -> bool:
        """Do it as soon as there is room; BUSY where the queue is full."""
        if not self.has_room:
            raise CityProblem("BUSY")
        self._inside += 1
        # The work goes on in its thread when whoever asked goes away: its place is free only after it.
        future = self._threads.submit(work)
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave))
        return await asyncio.wrap_future(future)

    def _leave(self) -> None:
        self._inside -= 1


@cache
def _pool() -> BoundedPool:
    return BoundedPool(_WORKERS, _MOST_WAITING)


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Make the hash that is kept instead of a password."""
    return _HASHER.hash(password)


async def password_fits(stored: str | None, password: str) -> bool:
    """Tell whether a password fits its hash; takes as long for an unknown person as for a known one."""
    fits = await _pool().run(lambda: _verify(stored or _decoy(), password))
    return fits and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
