"""The limits of rate of one process: counted in Redis, and for a moment here while Redis does not answer."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import structlog
from redis.exceptions import RedisError

from city_core.kit.problems import CityProblem
from city_core.kit.rates.counting import Counting, CountingHere
from city_core.kit.rates.gcra import Taking

log = structlog.get_logger()
_PAUSE_SECONDS = 2.0


class TooManyRequests(CityProblem):
    """The refusal of somebody who asks too much; says after how many seconds it can be asked again."""

    def __init__(self, wait_seconds: float) -> None:
        self.retry_after_seconds = max(1, math.ceil(wait_seconds))
        super().__init__("TOO_MANY_REQUESTS", allowed=f"again in {self.retry_after_seconds} s")


class Rates:
    """Lets actors take what they are allowed; without Redis each process counts by itself."""

    def __init__(
        self,
        shared: Counting,
        here: Counting | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._here = here or CountingHere()
        self._now = now
        self._alone_until = 0.0

    async def take(self, *takings: Taking) -> None:
        """Take all of it, in one round trip at most; raises TooManyRequests and takes nothing."""
        wait = await self._wait(takings)
        if wait > 0:
            raise TooManyRequests(wait)

    async def _wait(self, takings: tuple[Taking, ...]) -> float:
        if self._now() >= self._alone_until:
            try:
                return await self._shared.take(takings)
            except (RedisError, OSError, TimeoutError) as error:
                # One request waits for Redis in vain, not every one of the next seconds.
                self._alone_until = self._now() + _PAUSE_SECONDS
                log.warning("rates_counted_here", error=type(error).__name__)
        return await self._here.take(takings)

    async def close(self) -> None:
        """Let go of Redis."""
        await self._shared.close()
