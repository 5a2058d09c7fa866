"""Password hashes: argon2id with 19 MiB and two passes, never on the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Make the hash that is kept instead of a password."""
    return _HASHER.hash(password)


async def password_fits(stored: str | None, password: str) -> bool:
    """Tell whether a password fits its hash; takes as long for an unknown person as for a known one."""
    loop = asyncio.get_running_loop()
    fits = await loop.run_in_executor(_pool(), _verify, stored or _decoy(), password)
    return fits and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
