"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, get
from litestar.datastructures import State
from redis.asyncio import Redis
from redis.exceptions import RedisError

from city_api.context import Edge
from city_core.kit.city import City
from city_core.kit.mongo import PyMongoError

_PATIENCE_SECONDS = 2


@get("/health/live")
async def live() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "live"}


@get("/health/ready")
async def ready(state: State) -> Response[Any]:
    """Say whether cases can be read and written; without Redis they can, only slower."""
    edge: Edge = state.edge
    mongodb, redis = await asyncio.gather(_mongodb_answers(edge.city), _redis_answers(edge.city))
    body = {
        "status": "ready" if mongodb else "not ready",
        "mongodb": "ok" if mongodb else "missing",
        "redis": "ok" if redis else "missing",
    }
    return Response(body, status_code=200 if mongodb else 503)


async def _mongodb_answers(city: City) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await city.database.command("ping")
    except (PyMongoError, TimeoutError):
        return False
    return True


async def _redis_answers(city: City) -> bool:
    redis: Redis = Redis.from_url(city.settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
    try:
        await redis.ping()
    except (RedisError, OSError):
        return False
    finally:
        await redis.aclose()
    return True
