"""The queues of wake-ups as SAQ keeps them in Redis, for whoever keeps the rules of the city.

They are hints: what is to be done is in the records (`queues_of_work`), and is done without them too. So they
can be looked at and not changed: stuck work is tried again with `yiwang work retry`.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from saq.job import Job
from saq.queue.redis import RedisQueue

from city_core.kit.city import City
from city_core.kit.doing import words_of_work
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.operation.lanes import KINDS_OF_LANE
from city_core.people.roles import Actor
from city_core.rules.keepers import check_keeper

_LONGEST_SECONDS = 2.0
_MOST_JOBS = 100
_TOLD = ("key", "function", "queue", "status", "queued", "started", "completed", "scheduled", "attempts")


async def wakes_of_queues(city: City, actor: Actor) -> list[Row]:
    """Count what is queued, due later and under way, and who works on it, queue by queue."""
    check_keeper(actor)
    async with _redis(city) as redis:
        return [_shown(await RedisQueue(redis, name=name).info()) for name in KINDS_OF_LANE]


async def wakes_of_queue(city: City, actor: Actor, name: str) -> Row | None:
    """Count one queue, with its next wake-ups; None if there is no such queue."""
    check_keeper(actor)
    if name not in KINDS_OF_LANE:
        return None
    async with _redis(city) as redis:
        return _shown(await RedisQueue(redis, name=name).info(jobs=True, limit=_MOST_JOBS))


async def wake_of_queue(city: City, actor: Actor, name: str, key: str) -> Row | None:
    """Show one wake-up; None if it is gone, as most are within milliseconds."""
    check_keeper(actor)
    if name not in KINDS_OF_LANE:
        return None
    async with _redis(city) as redis:
        job: Job | None = await RedisQueue(redis, name=name).job(key)
    return _job(job.to_dict()) if job is not None else None


@contextlib.asynccontextmanager
async def _redis(city: City) -> AsyncIterator[Redis]:
    redis: Redis = Redis.from_url(
        city.settings.redis_url, socket_timeout=_LONGEST_SECONDS, socket_connect_timeout=_LONGEST_SECONDS
    )
    try:
        yield redis
    except (RedisError, OSError) as error:
        raise CityProblem("BUSY", field="redis", allowed="the same again once Redis answers") from error
    finally:
        with contextlib.suppress(RedisError, OSError):
            await redis.aclose()


def _shown(info: Mapping[str, Any]) -> Row:
    workers = {name: {"stats": worker["stats"]} for name, worker in info["workers"].items()}
    return {**info, "workers": workers, "jobs": [_job(job) for job in info["jobs"]]}


def _job(job: Mapping[str, Any]) -> Row:
    """Leave out whose work it is, and what went wrong inside: the log tells that, by the same name of it."""
    wake: Mapping[str, Any] = (job.get("kwargs") or {}).get("wake") or {}
    about = ""
    if wake:
        words = words_of_work(wake["kind"], wake["collection"], wake["owner_id"], wake["key"], attempt=0)
        about = f"{words['kind']}, {words['collection']}, work_id {words['work_id']}, due {wake['due_at']}"
    return {name: job[name] for name in _TOLD if name in job} | {"kwargs": about, "result": "", "error": ""}
