"""Whether something creeps up: slopes with their errors, and the end set against the beginning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.figures import percentile

MOST_MB_AN_HOUR = 1.0
MOST_P99_RATIO = 1.2
_HOUR_SECONDS = 3_600.0


@dataclass(frozen=True)
class Slope:
    """How fast something grows, in its unit an hour, with the standard error of that."""

    an_hour: float
    error: float

    @property
    def is_flat(self) -> bool:
        """Whether it grows by less than what is allowed; a figure within its error proves nothing more."""
        return self.an_hour < MOST_MB_AN_HOUR


def slope(samples: Sequence[tuple[float, float]]) -> Slope:
    """Lay a line through (seconds, value) by least squares; needs three samples or more."""
    count = len(samples)
    if count < 3:
        raise ValueError("a slope needs three samples or more")
    mean_x = sum(x for x, _ in samples) / count
    mean_y = sum(y for _, y in samples) / count
    spread = sum((x - mean_x) ** 2 for x, _ in samples)
    steep = sum((x - mean_x) * (y - mean_y) for x, y in samples) / spread
    left = sum((y - mean_y - steep * (x - mean_x)) ** 2 for x, y in samples)
    error = math.sqrt(left / (count - 2) / spread)
    return Slope(steep * _HOUR_SECONDS, error * _HOUR_SECONDS)


def p99_ratio(answers: Sequence[tuple[float, float]], began: float, ended: float) -> float:
    """Set the p99 of the last tenth of the time against that of the first, over (instant, seconds taken)."""
    tenth = (ended - began) / 10
    first = [took for at, took in answers if at < began + tenth]
    last = [took for at, took in answers if at >= ended - tenth]
    if not first or not last:
        raise ValueError("nothing was answered in the first or in the last tenth")
    return percentile(last, 0.99) / percentile(first, 0.99)
