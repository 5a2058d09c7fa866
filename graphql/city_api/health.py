"""Whether this process lives, and whether it can serve; tells strangers no more than that."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
import time

from litestar import Response, get
from litestar.datastructures import State
from redis.asyncio import Redis
from redis.exceptions import RedisError

from city_core.bootstrap import STORED_SHAPES
from city_core.kit.city import City
from city_core.kit.indexes import wrong_indexes
from city_core.kit.mongo import PyMongoError
from city_core.sync.feed_state import is_fed

_PATIENCE_SECONDS = 2.0
_KEPT_SECONDS = 1.0
_INDEXES_KEPT_SECONDS = 60.0
_LEAST_FREE_BYTES = 200_000_000
Found = dict[str, str]


class Health:
    """What lacks, looked at once a second at most, however many ask; holds one connection to Redis."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._redis: Redis = Redis.from_url(
            city.settings.redis_url, socket_timeout=1, socket_connect_timeout=1, max_connections=1
        )
        self._looking = asyncio.Lock()
        self._found: Found = {}
        self._looked_at = -_KEPT_SECONDS
        self._indexes = True
        self._indexes_looked_at = -_INDEXES_KEPT_SECONDS

    async def found(self) -> Found:
        """Say what lacks: `missing` keeps the process from serving where it is MongoDB or its indexes."""
        async with self._looking:
            if time.monotonic() - self._looked_at >= _KEPT_SECONDS:
                self._found = await self._look()
                self._looked_at = time.monotonic()
            return self._found

    async def close(self) -> None:
        """Let go of Redis."""
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _look(self) -> Found:
        (has_primary, is_indexed, feed), redis = await asyncio.gather(self._mongodb(), self._redis_answers())
        free = shutil.disk_usage(tempfile.gettempdir()).free
        lacks = not (redis and feed and free >= _LEAST_FREE_BYTES)
        status = "degraded" if lacks else "ready"
        return {
            "status": status if has_primary and is_indexed else "not ready",
            "mongodb": _word(has_primary),
            "indexes": _word(is_indexed),
            "redis": _word(redis),
            "feed": "ok" if feed else "behind",
            "disk": "ok" if free >= _LEAST_FREE_BYTES else "full",
        }

    async def _mongodb(self) -> tuple[bool, bool, bool]:
        """Tell whether there is a primary, its indexes, and somebody who feeds delta sync."""
        database = self._city.database
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                hello = await database.command("hello")
                has_primary = bool(hello.get("isWritablePrimary"))
                if has_primary and time.monotonic() - self._indexes_looked_at >= _INDEXES_KEPT_SECONDS:
                    self._indexes = await self._has_its_indexes()
                    self._indexes_looked_at = time.monotonic()
                return has_primary, self._indexes, await is_fed(self._city)
        except (PyMongoError, TimeoutError):
            return False, self._indexes, False

    async def _has_its_indexes(self) -> bool:
        return not await wrong_indexes(self._city.database, STORED_SHAPES)

    async def _redis_answers(self) -> bool:
        try:
            await self._redis.ping()
        except (RedisError, OSError, TimeoutError):
            return False
        return True


def _word(is_there: bool) -> str:
    return "ok" if is_there else "missing"


@get("/health/live")
async def live() -> Found:
    """Say that the process lives."""
    return {"status": "live"}


@get("/health/ready")
async def ready(state: State) -> Response[Found]:
    """Say whether cases can be read and written; without Redis or the feed they can, only slower."""
    found = await state.health.found()
    return Response(found, status_code=503 if found["status"] == "not ready" else 200)
