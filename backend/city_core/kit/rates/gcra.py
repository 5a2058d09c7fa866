"""The rule of the limits of rate: the generic cell rate algorithm (GCRA, ITU-T I.371).

All that is kept of an actor is one instant: when what was taken so far will have flowed off at the allowed
rate. Something more may be taken as long as that instant lies no further ahead than the burst.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """What may be taken: `a_second` points in the long run, and up to `burst` points at once."""

    name: str
    a_second: float
    burst: float

    @property
    def patience_seconds(self) -> float:
        """How far ahead of now the instant may lie."""
        return self.burst / self.a_second

    def scaled(self, scale: float) -> Allowance:
        """Make an allowance that is so many times as wide."""
        return Allowance(self.name, self.a_second * scale, self.burst * scale)


@dataclass(frozen=True)
class Taking:
    """One wish to take `points` of what `who` is allowed; nobody is asked for more at once than the burst."""

    allowance: Allowance
    who: str
    points: float

    @property
    def key(self) -> str:
        return f"rate:{self.allowance.name}:{self.who}"

    @property
    def lasts_seconds(self) -> float:
        """How long what is taken needs to flow off."""
        return min(self.points, self.allowance.burst) / self.allowance.a_second


def judge(
    takings: Sequence[Taking], free_at: Mapping[str, float], now: float
) -> tuple[float, dict[str, float]]:
    """Tell how many seconds to wait, and the instants to keep; all of it is taken or nothing.

    `free_at` holds the instants kept so far, in the seconds of the same clock as `now`.
    """
    wait, kept = 0.0, {}
    for taking in takings:
        new = max(free_at.get(taking.key, now), now) + taking.lasts_seconds
        wait = max(wait, new - now - taking.allowance.patience_seconds)
        kept[taking.key] = new
    return (wait, {}) if wait > _TOLERATED_SECONDS else (0.0, kept)


_TOLERATED_SECONDS = 1e-6  # what is lost in the rounding of instants
