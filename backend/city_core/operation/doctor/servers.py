"""Looks at the servers that the city stands on: MongoDB, its disk and clock, Redis, the store of photos."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import Any

from pymongo.errors import OperationFailure
from redis.asyncio import Redis
from redis.exceptions import RedisError

from city_core.kit.mongo import PyMongoError, Row
from city_core.kit.problems import CityProblem
from city_core.media.stores.objects import open_s3
from city_core.operation.doctor.finding import Finding, Patient, fault, fine, warning

_PATIENCE_SECONDS = 4.0
_OLDEST_MONGODB = (6, 0)
_MOST_SECONDS_OFF = 2.0
_DISK_WARNING, _DISK_FAULT = 0.20, 0.08
_HEALTHY_STATES = frozenset({1, 2, 7})  # primary, secondary, arbiter


async def look_at_mongodb(patient: Patient) -> list[Finding]:
    """MongoDB answers, and is not too old."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            version = (await _admin(patient, "buildInfo"))["version"]
    except (PyMongoError, TimeoutError, OSError):
        return fault(
            "MongoDB cannot be reached at MONGODB_URL.",
            "Start it, set the URL of the city's own, or look at its log why it has no primary.",
        )
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_MONGODB:
        return fault(f"MongoDB {version} is too old.", "Upgrade it to 6.0 or later.")
    return fine(f"MongoDB {version} answers.")


async def look_at_replica_set(patient: Patient) -> list[Finding]:
    """MongoDB is a replica set in which a majority is well."""
    hello = await _admin(patient, "hello")
    if "setName" not in hello:
        return fault(
            "MongoDB is no replica set: there are no transactions and no changes to follow.",
            "Start it with --replSet and run rs.initiate(), see backend/runbook.md.",
        )
    if not hello.get("isWritablePrimary"):
        return fault("MongoDB has no primary here.", "See 'The primary is gone' in backend/runbook.md.")
    try:
        members = (await _admin(patient, "replSetGetStatus"))["members"]
    except OperationFailure:
        return fine(
            f"Replica set {hello['setName']} has a primary; its members are hidden from this account."
        )
    return _of_members(hello["setName"], members, is_production=_is_production(patient))


def _of_members(name: str, members: list[Row], *, is_production: bool) -> list[Finding]:
    well = [one for one in members if one.get("health") == 1 and one.get("state") in _HEALTHY_STATES]
    ill = ", ".join(f"{one['name']} ({one.get('stateStr', '?')})" for one in members if one not in well)
    if 2 * len(well) <= len(members):
        return fault(f"Replica set {name} has no majority: {ill}.", "Bring its members back.")
    if ill:
        return warning(f"Replica set {name} lacks {ill}.", "Bring it back before another one fails.")
    if len(members) < 3 and is_production:
        return warning(
            f"Replica set {name} has {len(members)} member(s): one failed disk loses the records.",
            "Add members until there are three.",
        )
    return fine(f"Replica set {name}: {len(members)} member(s), all well.")


async def look_at_clock(patient: Patient) -> list[Finding]:
    """The clocks of this machine and of MongoDB agree: leases and deadlines stand on them."""
    loop = asyncio.get_running_loop()
    began, now = loop.time(), patient.city.clock.now()
    there = (await _admin(patient, "hello"))["localTime"]
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    way = loop.time() - began
    off = abs((there - now).total_seconds() - way / 2) - way / 2
    if off > _MOST_SECONDS_OFF:
        return fault(
            f"The clock of this machine is {off:.0f} s off that of MongoDB.",
            "Set both by NTP (chrony, systemd-timesyncd); leases and deadlines go wrong otherwise.",
        )
    return fine("The clocks of this machine and of MongoDB agree.")


async def look_at_disk(patient: Patient) -> list[Finding]:
    """The disk of MongoDB has room."""
    told = await patient.city.database.command("dbStats")
    total, used = float(told.get("fsTotalSize") or 0), float(told.get("fsUsedSize") or 0)
    if not total:
        return fine("MongoDB does not tell the size of its disk.")
    left = 1 - used / total
    says = f"The disk of MongoDB has {left:.0%} left ({(total - used) / 2**30:.0f} GiB)."
    if left < _DISK_FAULT:
        return fault(says, "See 'The disk is full' in backend/runbook.md.")
    return (
        warning(says, "Make room, or add a disk, in the next days.") if left < _DISK_WARNING else fine(says)
    )


async def look_at_redis(patient: Patient) -> list[Finding]:
    """Redis answers and does not forget keys by itself."""
    redis: Redis = Redis.from_url(patient.city.settings.redis_url, socket_timeout=3, socket_connect_timeout=2)
    try:
        await redis.ping()
        given: Any = await redis.config_get("maxmemory-policy")
        policy = given.get("maxmemory-policy", "noeviction")
    except (RedisError, OSError):
        return warning(
            "Redis cannot be reached at REDIS_URL: nothing is lost, but work waits for the sweep.",
            "Start Redis, or set its URL.",
        )
    finally:
        await redis.aclose()
    if policy != "noeviction":
        return warning(
            f"Redis forgets keys when it is full (maxmemory-policy {policy}): limits begin anew by chance.",
            "Set maxmemory-policy noeviction.",
        )
    return fine("Redis answers.")


async def look_at_photo_store(patient: Patient) -> list[Finding]:
    """The store that new photos go to answers."""
    settings = patient.city.settings
    if settings.media_store == "gridfs":
        return fine("Photos are kept in MongoDB (GridFS).")
    try:
        async with asyncio.timeout(5 * _PATIENCE_SECONDS):
            await open_s3(settings).exists("photo_copies/doctor")
    except (CityProblem, TimeoutError):
        return fault(
            f"The store of photos does not answer (bucket {settings.media_s3_bucket}).",
            "Look at MEDIA_S3_ENDPOINT, the bucket and its keys; phones keep their photos until then.",
        )
    return fine(f"The store of photos answers (bucket {settings.media_s3_bucket}).")


def _is_production(patient: Patient) -> bool:
    return patient.city.settings.environment == "production"


async def _admin(patient: Patient, command: str) -> Row:
    answer: Row = await patient.city.database.client.admin.command(command)
    return answer
