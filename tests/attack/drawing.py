"""Draws examples of a hypothesis strategy, the same ones at every run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Examples:
    """How many examples of each thing there are, by which dice, and of which things: of every so many."""

    count: int
    seed: int
    every: int = 1


def drawn(strategy: SearchStrategy[Drawn], count: int, chosen_seed: int) -> list[Drawn]:
    """Draw so many examples; fewer where there are no more different ones.

    The plainest always comes first: it is left out where there are others.
    """
    found: list[Drawn] = []

    @seed(chosen_seed)
    @settings(
        max_examples=count + 1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: Drawn) -> None:
        found.append(example)

    collect()
    return found[1:] or found
