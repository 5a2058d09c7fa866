"""A gate with few places and a short waiting line: nobody waits for long, and nothing grows."""

from __future__ import annotations

import asyncio
import math
import random
from dataclasses import dataclass, field

from city_core.kit.problems import CityProblem

_TICK_SECONDS = 0.1
_LEAST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 2, 8


class Overloaded(CityProblem):
    """This process has enough to do; whoever asked comes again in so many seconds."""

    def __init__(self) -> None:
        # With some chance in it: those who are refused at one moment must not all come again at another.
        self.seconds = random.randint(_LEAST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
        super().__init__("BUSY")


@dataclass
class Gate:
    """Lets `places` requests work at a time and `line` more wait for `patience_seconds`, first come first.

    Waiting is counted in ticks of this process: while it is too busy to look at its clock nobody's patience
    ends, or a crowd that comes at once would be sent away by the very work of receiving it.
    """

    places: int
    line: int
    patience_seconds: float
    in_work: int = 0
    refused: int = 0
    _waiting: dict[asyncio.Future[None], int] = field(default_factory=dict)
    _ticker: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def enter(self) -> None:
        """Take a place, or wait for one; raises Overloaded where the line is full, or the wait too long."""
        if self.in_work < self.places:
            self.in_work += 1
            return
        if len(self._waiting) >= self.line:
            self.refused += 1
            raise Overloaded
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = math.ceil(self.patience_seconds / _TICK_SECONDS)
        self._keep_ticking()
        try:
            await turn
        except asyncio.CancelledError:
            self._waiting.pop(turn, None)
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.leave()  # the place came in the very moment in which whoever asked went
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

    def _keep_ticking(self) -> None:
        if self._ticker is None and self._waiting:
            self._ticker = asyncio.get_running_loop().call_later(_TICK_SECONDS, self._tick)

    def _tick(self) -> None:
        self._ticker = None
        for turn, left in list(self._waiting.items()):
            if left > 1:
                self._waiting[turn] = left - 1
            else:
                del self._waiting[turn]
                self.refused += 1
                if not turn.done():
                    turn.set_exception(Overloaded())
        self._keep_ticking()
