"""How fast a line moves: by it a gate knows who waits in vain, and sends them away at once."""

from __future__ import annotations

from dataclasses import dataclass

_KEPT_TIMES = 4


@dataclass
class Pace:
    """Counts who left while others waited; instants are seconds of the event loop.

    Requests that came together end together, so that nothing is known before `least` have left; and what was
    long ago counts for less and less.
    """

    least: int
    left: int = 0
    _since: float | None = None

    def begin(self, now: float) -> None:
        """Somebody waits: from now on whoever leaves is counted."""
        if self._since is None:
            self._since = now

    def end(self) -> None:
        """Nobody waits any more: what is counted says nothing about the next crowd."""
        self._since, self.left = None, 0

    def note_left(self, now: float) -> None:
        """Count one who left."""
        if self._since is None:
            return
        self.left += 1
        if self.left >= _KEPT_TIMES * self.least:
            self.left //= 2
            self._since += (now - self._since) / 2

    def wait_of(self, turn: int, now: float) -> float | None:
        """Tell how long the one waits whose turn comes after so many; None where nothing is known yet."""
        if self._since is None or self.left < self.least:
            return None
        return turn * (now - self._since) / self.left
