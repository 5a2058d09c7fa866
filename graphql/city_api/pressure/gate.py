"""A gate with few places and a short waiting line: nobody waits for long, and nothing grows."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from city_core.kit.problems import CityProblem

_LEAST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 2, 8


class Overloaded(CityProblem):
    """This process has enough to do; whoever asked comes again in so many seconds."""

    def __init__(self) -> None:
        # With some chance in it: those who are refused at one moment must not all come again at another.
        self.seconds = random.randint(_LEAST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
        super().__init__("BUSY")


@dataclass
class Gate:
    """Lets `places` requests work at a time and `line` more wait for `patience_seconds`, first come first."""

    places: int
    line: int
    patience_seconds: float
    in_work: int = 0
    refused: int = 0
    _waiting: dict[asyncio.Future[None], None] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def enter(self) -> None:
        """Take a place, or wait for one; raises Overloaded where the line is full, or the wait too long."""
        if self.in_work < self.places:
            self.in_work += 1
            return
        if len(self._waiting) >= self.line:
            raise self._overloaded()
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = None
        try:
            async with asyncio.timeout(self.patience_seconds):
                await turn
        except TimeoutError:
            self._forget(turn)
            raise self._overloaded() from None
        except asyncio.CancelledError:
            self._forget(turn)
            raise

    def leave(self) -> None:
        """Give a place back: whoever has waited longest has it now."""
        while self._waiting:
            turn = next(iter(self._waiting))
            del self._waiting[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self.in_work -= 1

    def _forget(self, turn: asyncio.Future[None]) -> None:
        self._waiting.pop(turn, None)
        if turn.done() and not turn.cancelled():  # the place came in the very moment in which the wait ended
            self.leave()

    def _overloaded(self) -> Overloaded:
        self.refused += 1
        return Overloaded()
