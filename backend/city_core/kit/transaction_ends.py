"""Who waits to hear whether a transaction was kept: told once, when it ends or when it is tried anew."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
Told = Callable[[bool], None]
_waiting: dict[int, list[Told]] = {}


def when_ended(session: object, told: Told) -> None:
    """Have something told whether what this try of a transaction wrote was kept.

    For sessions of `kit.mongo.in_transaction`. Where nobody can say, because the connection was lost, it is
    told that nothing was.
    """
    _waiting.setdefault(id(session), []).append(told)


def tell_ended(session: object, *, kept: bool) -> None:
    """Tell whoever waits; they are told once."""
    for told in _waiting.pop(id(session), ()):
        told(kept)


def anew(write: Callable[[Any], Coroutine[Any, Any, T]]) -> Callable[[Any], Coroutine[Any, Any, T]]:
    """Make each try of a transaction tell first that of the one before nothing was kept."""

    async def tried(session: Any) -> T:
        tell_ended(session, kept=False)
        return await write(session)

    return tried
