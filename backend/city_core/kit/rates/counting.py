"""Where what was taken is counted: a port with two sides, Redis and this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from city_core.kit.rates.gcra import Taking, judge

_MOST_REMEMBERED = 20_000
_ANSWER_SECONDS = 0.5
_CONNECTIONS = 8  # a crowd takes turns on these instead of opening as many at one moment

# The rule of `gcra.judge` in Redis, which carries a script out as one step, by its own clock.
_SCRIPT = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local wait, kept = 0, {}
for i, key in ipairs(KEYS) do
  local lasts, patience = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local new = math.max(tonumber(redis.call('GET', key) or now), now) + lasts
  wait = math.max(wait, new - now - patience)
  kept[i] = new
end
if wait > 0.000001 then return string.format('%.6f', wait) end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.6f', kept[i]), 'PX', math.ceil((kept[i] - now) * 1000) + 1)
end
return '0'
"""


class Counting(Protocol):
    """Takes all of what is wished at once, or nothing and answers how many seconds to wait."""

    async def take(self, takings: Sequence[Taking]) -> float: ...
    async def close(self) -> None: ...


class CountingInRedis:
    """Counts for all processes together, in one round trip; raises RedisError or OSError without Redis."""

    def __init__(self, url: str) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_ANSWER_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._redis: Redis = Redis.from_pool(pool)
        self._script: Any = self._redis.register_script(_SCRIPT)

    async def take(self, takings: Sequence[Taking]) -> float:
        """Take what is wished, if all of it is there."""
        lasting = [
            f"{number:.6f}"
            for taking in takings
            for number in (taking.lasts_seconds, taking.allowance.patience_seconds)
        ]
        return float(await self._script(keys=[taking.key for taking in takings], args=lasting))

    async def close(self) -> None:
        await self._redis.aclose()


class CountingHere:
    """Counts in this process alone; forgets those first who asked longest ago."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, most_remembered: int = _MOST_REMEMBERED
    ) -> None:
        self._now = now
        self._most = most_remembered
        self._free_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._free_at)

    async def take(self, takings: Sequence[Taking]) -> float:
        """Take what is wished, if all of it is there."""
        return self.wait_for(*takings)

    def wait_for(self, *takings: Taking) -> float:
        """Take what is wished at once, or answer how many seconds to wait."""
        wait, kept = judge(takings, self._free_at, self._now())
        for key, instant in kept.items():
            self._free_at[key] = instant
            self._free_at.move_to_end(key)
        while len(self._free_at) > self._most:
            self._free_at.popitem(last=False)
        return wait

    async def close(self) -> None:
        self._free_at.clear()
