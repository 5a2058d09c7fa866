"""2,000 reports at once at one API process: how many it takes, how long those wait, what the others hear.

`python -m tests.bench.crowd [--requests 2000]`; exits 1 where an acknowledged report is missing, an answer is
neither a report nor a refusal that says when to come again, one waited for longer than a request may wait
and an operation may last, or the process grew beyond bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from city_core.bootstrap import open_city
from city_core.people.open_session import sign_in_person
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.support import new_uuid, operation
from tests.bench.figures import Figures, keep, machine, spread
from tests.bench.many_phones import Heard, ask_at_once, post
from tests.bench.memory import rss_kb
from tests.bench.sockets import api_of
from tests.conftest import settings_for
from tests.village import INSIDE, found_village

MOST_GROWTH_MB = 150.0
_SETTLED_AFTER = 30
_LONGEST_SECONDS = 300.0


def report() -> dict[str, Any]:
    """Write a report as an inspector's phone sends it."""
    point = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5}
    given = {
        "clientId": new_uuid(), "point": point, "typeCode": "E0110", "conditionId": "E0110-1",
        "description": "垃圾",
    }  # fmt: skip
    return {"query": operation("inspector", "SubmitReport"), "variables": {"input": given}}


async def crowd(mongod: EmbeddedMongod, redis: EmbeddedRedis, count: int) -> Figures:
    """Send so many reports at one moment to a process of its own, and look behind it afterwards."""
    settings = settings_for(mongod, redis.url, mongodb_database="bench_crowd")
    async with open_city(settings, app_name="bench") as city:
        await found_village(city)
        person = await city.database.people.find_one({"_id": "inspector-1"})
        token = (await sign_in_person(city, person)).token
        async with api_of(settings.mongodb_database, mongod, redis) as (api, url):
            host, port = url.removeprefix("http://").split(":")

            async def ask(reports: int) -> list[Heard]:
                asked = [post("/graphql", report(), authorization=f"Bearer {token}") for _ in range(reports)]
                return await ask_at_once(host, int(port), asked, _LONGEST_SECONDS)

            for _ in range(_SETTLED_AFTER):
                await ask(1)
            before = rss_kb(api.pid or 0) / 1024
            known = await city.database.cases.count_documents({})
            answers = await ask(count)
            grown = rss_kb(api.pid or 0) / 1024 - before
        ids = [heard.json["data"]["submitReport"]["id"] for heard in answers if became(heard) == "200"]
        stored = await city.database.cases.count_documents({}) - known
    return {
        "machine": machine(),
        **figures_of(answers),
        "may_last_ms": 1_000 * (settings.longest_wait_seconds + settings.operation_seconds),
        "acknowledged": len(set(ids)),
        "stored": stored,
        "grown_mb": round(grown, 1),
    }


def became(heard: Heard) -> str:
    """Tell what became of a request: its status, or the code of the problem that it was answered with."""
    problems = heard.json.get("errors", []) if heard.status == 200 else []
    return str(problems[0]["extensions"]["code"]) if problems else str(heard.status)


def figures_of(answers: list[Heard]) -> Figures:
    """Tell how many were taken and refused, and how long each of them waited."""
    taken = [heard.took for heard in answers if heard.status == 200]
    refused = [heard for heard in answers if heard.status != 200]
    return {
        "statuses": dict(Counter(became(heard) for heard in answers)),
        "accepted": spread(taken, 0.5, 0.99),
        "refused": spread([heard.took for heard in refused], 0.5, 0.99) if refused else {},
        "refused_without_retry_after": sum("retry-after" not in heard.headers for heard in refused),
    }


def is_fine(figures: Figures) -> bool:
    """Tell whether nothing was lost, nobody waited too long, and the process stayed small."""
    return (
        figures["acknowledged"] == figures["stored"]
        and set(figures["statuses"]) <= {"200", "503"}
        and figures["refused_without_retry_after"] == 0
        and figures["accepted"]["max_ms"] <= figures["may_last_ms"]
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
