"""What lies in Redis and goes through it names nobody: no number, name, phone, address or word of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
from redis.asyncio import Redis

from city_api.guard.charge import Tills
from city_core.kit.rates.counting import CountingInRedis
from city_core.kit.rates.rates import Rates
from city_core.people.one_time_codes import request_code, sign_in_citizen
from city_core.people.origin import Origin
from tests.api.support import Api, new_uuid, operation
from tests.integration.privacy.whole_life import HeardCodes
from tests.village import INSIDE
from tests.waiting import until

PHONE, DEVICE, WORDS = "13905330066", "phone-of-citizen-66", "门前积水六十六"
TOKEN = "push-token-of-citizen-66-" + "x" * 20
_READ = {
    b"string": lambda redis, key: redis.get(key),
    b"list": lambda redis, key: redis.lrange(key, 0, -1),
    b"set": lambda redis, key: redis.smembers(key),
    b"zset": lambda redis, key: redis.zrange(key, 0, -1, withscores=True),
    b"hash": lambda redis, key: redis.hgetall(key),
}


async def everything_in(redis: Redis) -> AsyncIterator[tuple[str, str]]:
    """Read every key with its value."""
    async for key in redis.scan_iter():
        kind = await redis.type(key)
        if kind != b"none":  # gone meanwhile
            yield key.decode(), repr(await _READ[kind](redis, key))


async def test_redis_holds_and_carries_nothing_of_a_person(api: Api) -> None:
    async with Redis.from_url(api.city.settings.redis_url) as redis, redis.pubsub() as listener:
        await listener.psubscribe("*")
        heard: list[str] = []
        hearing = asyncio.create_task(_hear(listener, heard))
        person = await _lives(api)
        await until(lambda: bool(heard), "a hint that went through Redis")
        found = {key: value async for key, value in everything_in(redis)}
        hearing.cancel()
    counted = {key.split(":")[1] for key in found if key.startswith("rate:")}
    assert counted == {"person", "address"}, "nobody was counted, so nothing was tested"
    assert [key for key in found if key.startswith("saq:")], "no work was queued, so nothing was tested"
    secrets = (PHONE, DEVICE, TOKEN, WORDS, person["name"], "127.0.0.1", "203.0.113.66", "柳泉路66号")
    told = [text for text in (*found, *found.values(), *heard) if any(word in text for word in secrets)]
    assert told == []
    rates = [f"{key} {value}" for key, value in found.items() if key.startswith("rate:")]
    assert not [text for text in rates if person["_id"] in text]


async def _hear(listener: Any, heard: list[str]) -> None:
    async for message in listener.listen():
        if message["type"] == "pmessage":
            heard.append(repr((message["channel"], message["data"])))


async def _lives(api: Api) -> dict[str, Any]:
    """Have a citizen sign in with a code, register their phone, report, and ask for their data."""
    code, origin = HeardCodes(), Origin("203.0.113.66", DEVICE, "citizen")
    await request_code(api.city, PHONE, code, origin)
    signed_in = await sign_in_citizen(api.city, PHONE, code.code, origin)
    headers = {"authorization": f"Bearer {signed_in.token}"}
    device = {"clientId": new_uuid(), "deviceId": DEVICE, "addressKind": "TOKEN", "address": TOKEN,
              "platform": "android"}  # fmt: skip
    report = {"clientId": new_uuid(), "typeCode": "E0110", "conditionId": "E0110-1", "description": WORDS,
              "address": "柳泉路66号", "mediaIds": [],
              "point": {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84"}}  # fmt: skip
    mine = {"clientId": new_uuid()}
    for name, given in (("RegisterDevice", device), ("SubmitReport", report), ("RequestMyData", mine)):
        await _asked(api.http, headers, name, given)
    row = await api.city.database.people.find_one({"phone": PHONE})
    assert row is not None
    await _counted(api, row["_id"])
    return dict(row)


async def _asked(http: httpx.AsyncClient, headers: dict[str, str], name: str, given: dict[str, Any]) -> None:
    body = {"query": operation("citizen", name), "variables": {"input": given}}
    answer = (await http.post("/graphql", json=body, headers=headers)).json()
    assert "errors" not in answer, answer
    [value] = answer["data"].values()
    assert value["__typename"] != "Problem", value


async def _counted(api: Api, person_id: str) -> None:
    """Count what they asked for as in a real city, where tests are allowed a thousand times as much."""
    settings = api.city.settings.model_copy(update={"rate_scale": 1.0})
    tills = Tills(replace(api.city, settings=settings), Rates(CountingInRedis(settings.redis_url)))
    for who, address in ((person_id, ""), (None, "203.0.113.66")):
        await tills.charge(60_000, person_id=who, address=address)
    await tills.close()
