"""A step of migration: its name, what it does in a sentence, and how."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from city_core.kit.city import City

Told = Callable[[int], Awaitable[None]]  # how many rows are done; raises LeaseLost when another migrates


@dataclass(frozen=True)
class Step:
    """One step; `name` begins with its number. `run` answers how many rows it brought up to date.

    It may be killed at any moment and run again, beside a city at work; `left` tells how many rows it would
    change, and writes nothing. Both go through everything by an index, in batches.
    """

    name: str
    says: str
    run: Callable[[City, Told], Awaitable[int]]
    left: Callable[[City, Told], Awaitable[int]]
