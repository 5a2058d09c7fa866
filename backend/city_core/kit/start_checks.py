"""What the servers of a city must be, looked at before a process serves: each fault is one sentence.

Refused is what loses acknowledged writes or makes every deadline wrong. What only weakens the city is
logged as a warning.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from city_core.kit.clock import Clock
from city_core.kit.mongo import Database, Row, hello_alone
from city_core.settings import Settings, WrongSetting

MOST_CLOCK_DIFFERENCE = timedelta(minutes=2)
_SAFE = {"w": "majority", "journal": "true", "j": "true", "retrywrites": "true", "readpreference": "primary"}
_NO_SET = (
    "MongoDB at MONGODB_URL is no replica set: start mongod with --replSet and initiate it; without one, "
    "acknowledged writes can be lost."
)
_NOT_INITIATED = (
    "MongoDB at MONGODB_URL belongs to a replica set that was not initiated: run rs.initiate() on it."
)
log = structlog.get_logger()


def check_mongodb_url(url: str) -> None:
    """Refuse an address whose options would loosen what an acknowledged write means."""
    for name, value in parse_qsl(url.partition("?")[2], keep_blank_values=True):
        safe = _SAFE.get(name.lower())
        if safe is not None and value.lower() != safe:
            raise WrongSetting(
                f"MONGODB_URL asks for {name}={value}: leave it out, the city writes with {name}={safe} only."
            )


async def check_mongodb(database: Database, clock: Clock, *, warns: bool) -> None:
    """Refuse a server that is no replica set, or whose clock is minutes away from that of this machine."""
    before = clock.now()
    hello = await database.command("hello")
    check_hello(hello, before, clock.now())
    if warns and len(hello.get("hosts", ())) == 1:
        log.warning("mongodb_has_one_member", says="a city loses what this one machine loses")


def check_hello(hello: Row, before: datetime, after: datetime) -> None:
    """Judge what a server says of itself, asked between two instants of this machine."""
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise WrongSetting(_NOT_INITIATED if hello.get("isreplicaset") else _NO_SET)
    theirs: datetime = hello["localTime"].replace(tzinfo=UTC)
    off = max(before - theirs, theirs - after)
    if off > MOST_CLOCK_DIFFERENCE:
        raise WrongSetting(
            f"The clocks of this machine and of MongoDB differ by {off.total_seconds():.0f} seconds: set "
            f"both by NTP; deadlines and leases need them within {MOST_CLOCK_DIFFERENCE.total_seconds():.0f}."
        )


async def why_unreachable(url: str) -> str | None:
    """Say why the one server at an address is not found as a replica set, where that is the reason."""
    host = url.removeprefix("mongodb://").partition("/")[0].partition("?")[0].rpartition("@")[2]
    if "," in host or url.startswith("mongodb+srv://"):
        return None
    hello = await hello_alone(host)
    if hello is None or "setName" in hello:
        return None
    return _NOT_INITIATED if hello.get("isreplicaset") else _NO_SET


async def warn_of_redis(settings: Settings) -> None:
    """Warn of a Redis that forgets keys of queues when it is full; the sweep finds that work, only later."""
    redis: Redis = Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
    try:
        memory = await redis.info("memory")
    except (RedisError, OSError):
        log.warning("redis_not_reached", says="work is found by sweeps until it is")
        return
    finally:
        await redis.aclose()
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        log.warning("redis_drops_keys", policy=policy, says="set maxmemory-policy noeviction")
