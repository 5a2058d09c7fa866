"""A gate with few places and a short waiting line: nobody waits for long, and nothing grows."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from city_api.pressure.pace import Pace
from city_core.kit.problems import CityProblem

_TICK_SECONDS = 0.1
_MOST_OF_A_TICK_SECONDS = 0.5
_DOUBT = 1.5  # a line may become faster: only who would wait for so many times too long is sent away
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

    A stall of this process takes no more than half a second off anybody's patience, or a crowd that comes at
    once would be sent away by the very work of receiving it; a process that stays slow ends it all the same.
    """

    places: int
    line: int
    patience_seconds: float
    now: Callable[[], float] = time.monotonic
    in_work: int = 0
    refused: int = 0
    _waiting: dict[asyncio.Future[None], float] = field(default_factory=dict)
    _ticker: asyncio.TimerHandle | None = None
    _pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self._pace = Pace(self.places)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def enter(self) -> None:
        """Take a place, or wait for one.

        Raises Overloaded where the line is full, the wait was too long, or is known to become so.
        """
        if self.in_work < self.places:
            self.in_work += 1
            return
        if len(self._waiting) >= self.line or self._is_in_vain(self.waiting + 1, self.patience_seconds):
            self.refused += 1
            raise Overloaded
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = self.patience_seconds
        self._pace.begin(self.now())
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
        self._pace.note_left(self.now())
        while self._waiting:
            turn = next(iter(self._waiting))
            del self._waiting[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self._pace.end()
        self.in_work -= 1

    def let_pass(self, seconds: float) -> None:
        """Take so much off the patience of all who wait; who has none left, or waits in vain, is refused."""
        turns = 0
        for turn, patience in list(self._waiting.items()):
            turns += 1
            self._waiting[turn] = left = patience - seconds
            if left > 0 and not self._is_in_vain(turns, left):
                continue
            turns -= 1
            del self._waiting[turn]
            self.refused += 1
            if not turn.done():
                turn.set_exception(Overloaded())
        if not self._waiting:
            self._pace.end()

    def _is_in_vain(self, turn: int, patience_seconds: float) -> bool:
        wait = self._pace.wait_of(turn, self.now())
        return wait is not None and wait > _DOUBT * patience_seconds

    def _keep_ticking(self) -> None:
        if self._ticker is None and self._waiting:
            loop = asyncio.get_running_loop()
            self._ticker = loop.call_later(_TICK_SECONDS, self._tick, self.now())

    def _tick(self, since: float) -> None:
        self._ticker = None
        self.let_pass(min(self.now() - since, _MOST_OF_A_TICK_SECONDS))
        self._keep_ticking()
