"""2,000 reports at once at one API process: how many it takes, how long those wait, what the others hear.

`python -m tests.bench.crowd [--requests 2000]`; exits 1 where an acknowledged report is missing, an answer is
neither a report nor a refusal that says when to come again, or a process grew beyond bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from city_core.bootstrap import open_city
from city_core.people.open_session import sign_in_person
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.support import new_uuid, operation
from tests.bench.figures import Figures, keep, machine, spread
from tests.bench.memory import rss_kb
from tests.bench.sockets import api_of
from tests.conftest import settings_for
from tests.village import INSIDE, found_village

MOST_GROWTH_MB = 150.0
_SETTLED_AFTER = 30


def report() -> dict[str, Any]:
    """Write a report as an inspector's phone sends it."""
    point = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5}
    given = {
        "clientId": new_uuid(), "point": point, "typeCode": "E0110", "conditionId": "E0110-1",
        "description": "垃圾",
    }  # fmt: skip
    return {"query": operation("inspector", "SubmitReport"), "variables": {"input": given}}


async def _send(http: httpx.AsyncClient, who: dict[str, str], body: dict[str, Any]) -> tuple[Any, float]:
    began = time.monotonic()
    answer = await http.post("/graphql", json=body, headers=who)
    return answer, time.monotonic() - began


async def crowd(mongod: EmbeddedMongod, redis: EmbeddedRedis, count: int) -> Figures:
    """Send so many reports at one moment to a process of its own, and look behind it afterwards."""
    settings = settings_for(mongod, redis.url, mongodb_database="bench_crowd")
    async with open_city(settings, app_name="bench") as city:
        await found_village(city)
        person = await city.database.people.find_one({"_id": "inspector-1"})
        who = {"authorization": f"Bearer {(await sign_in_person(city, person)).token}"}
        # A connection that was idle for 5 s is closed by the server: none is used again after a pause.
        limits = httpx.Limits(max_connections=count, keepalive_expiry=1)
        async with (
            api_of(settings.mongodb_database, mongod, redis) as (api, url),
            httpx.AsyncClient(base_url=url, timeout=300, trust_env=False, limits=limits) as http,
        ):
            for _ in range(_SETTLED_AFTER):
                await _send(http, who, report())
            before = rss_kb(api.pid or 0) / 1024
            known = await city.database.cases.count_documents({})
            bodies = [report() for _ in range(count)]
            answers = await asyncio.gather(*(_send(http, who, body) for body in bodies))
            grown = rss_kb(api.pid or 0) / 1024 - before
        ids = [answer.json()["data"]["submitReport"]["id"] for answer, _ in answers if answer.is_success]
        stored = await city.database.cases.count_documents({}) - known
    refused = [(answer, took) for answer, took in answers if not answer.is_success]
    return {
        "machine": machine(),
        "statuses": {str(code): many for code, many in Counter(a.status_code for a, _ in answers).items()},
        "accepted": spread([took for answer, took in answers if answer.is_success], 0.5, 0.99),
        "refused": spread([took for _, took in refused], 0.5, 0.99) if refused else {},
        "refused_without_retry_after": sum("retry-after" not in answer.headers for answer, _ in refused),
        "acknowledged": len(set(ids)),
        "stored": stored,
        "grown_mb": round(grown, 1),
    }


def is_fine(figures: Figures) -> bool:
    """Tell whether nothing was lost, everybody was told when to come again, and the process stayed small."""
    return (
        figures["acknowledged"] == figures["stored"]
        and set(figures["statuses"]) <= {"200", "503"}
        and figures["refused_without_retry_after"] == 0
        and figures["grown_mb"] < MOST_GROWTH_MB
    )


async def alone(count: int) -> Figures:
    """Take these measurements on servers of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="yiwang-crowd-", ignore_cleanup_errors=True) as folder,
        EmbeddedMongod(Path(folder) / "mongod") as mongod,
        EmbeddedRedis(Path(folder) / "redis") as redis,
    ):
        return await crowd(mongod, redis, count)


def main() -> int:
    """Measure, print and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--requests", type=int, default=2_000)
    figures = asyncio.run(alone(asked.parse_args().requests))
    print(json.dumps(figures, indent=2))
    keep("crowd", figures)
    return 0 if is_fine(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
