"""One process under more requests than it can take: short waits, refusals that say when, nothing lost."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import httpx
import pytest

from city_api.app import create_app
from city_api.pressure.gate import Gate, Overloaded
from city_demo.embedded import EmbeddedMongod
from tests.api.support import Api, new_uuid, operation, running
from tests.bench.figures import percentile
from tests.village import INSIDE
from tests.waiting import until

CROWD = 200


async def test_a_gate_lets_in_keeps_a_short_line_and_refuses_the_rest() -> None:
    gate = Gate(places=1, line=1, patience_seconds=0.05)
    await gate.enter()
    waits = asyncio.create_task(gate.enter())
    await until(lambda: gate.waiting == 1, "one who waits")
    with pytest.raises(Overloaded) as refused:
        await gate.enter()
    assert (refused.value.code, refused.value.kind.retryable) == ("BUSY", True)
    gate.leave()
    await waits
    with pytest.raises(Overloaded):  # the wait is too long
        await gate.enter()
    cancelled = asyncio.create_task(gate.enter())
    await until(lambda: gate.waiting == 1, "one who waits")
    cancelled.cancel()
    await asyncio.wait([cancelled])
    gate.leave()
    assert (gate.in_work, gate.waiting, gate.refused) == (0, 0, 2)


async def send(http: httpx.AsyncClient, who: dict[str, str]) -> tuple[int, float, Any, str | None]:
    variables = {
        "input": {
            "clientId": new_uuid(), "typeCode": "E0110", "conditionId": "E0110-1", "description": "垃圾",
            "point": {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5},
        }
    }  # fmt: skip
    began = time.monotonic()
    answer = await http.post(
        "/graphql",
        json={"query": operation("inspector", "SubmitReport"), "variables": variables},
        headers=who,
    )
    return answer.status_code, time.monotonic() - began, answer.json(), answer.headers.get("retry-after")


async def test_a_crowd_is_answered_or_asked_to_come_again_and_nothing_is_lost(api: Api) -> None:
    small = {"most_requests_at_once": 8, "most_requests_waiting": 40, "longest_wait_seconds": 20.0}
    city = replace(api.city, settings=api.city.settings.model_copy(update=small))
    app = create_app(city=city)
    who = await api.headers("inspector-1")
    limits = httpx.Limits(max_connections=CROWD)
    async with (
        running(app) as address,
        httpx.AsyncClient(base_url=address, timeout=60, trust_env=False, limits=limits) as http,
    ):
        answers = await asyncio.gather(*(send(http, who) for _ in range(CROWD)))
        doors = app.state.doors
        assert (doors.open, doors.requests.in_work, doors.requests.waiting, doors.held_bytes) == (0, 0, 0, 0)
    statuses = Counter(status for status, *_ in answers)
    assert set(statuses) == {200, 503}, statuses
    for status, _, body, again in answers:
        if status == 503:
            told = body["errors"][0]["extensions"]
            assert (told["code"], told["retryable"]) == ("BUSY", True)
            assert again is not None and 1 <= int(again) == told["retryAfterSeconds"]
    accepted = [body["data"]["submitReport"] for status, _, body, _ in answers if status == 200]
    ids = {case["id"] for case in accepted if "id" in case}
    assert len(ids) == statuses[200]
    assert await api.city.database.cases.count_documents({"_id": {"$in": list(ids)}}) == len(ids)
    assert await api.city.database.cases.count_documents({}) == len(ids)
    assert statuses[200] >= 8 + 40  # those at work and those in the line, at least
    p99 = percentile([seconds for status, seconds, *_ in answers if status == 200], 0.99)
    print(f"{statuses[200]} of {CROWD} accepted, p99 {p99:.1f} s; {statuses[503]} refused")


async def test_while_the_primary_is_silent_it_is_said_at_once_and_health_still_answers(
    api: Api, mongod: EmbeddedMongod
) -> None:
    app = create_app(city=api.city)
    assert mongod.pid is not None
    async with running(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as http:
        os.kill(mongod.pid, signal.SIGSTOP)
        try:
            await until(
                lambda: not app.state.doors.has_primary, "that the primary counts as gone", seconds=30
            )
            answer = await http.post("/graphql", json={"query": "{ __typename }"}, timeout=2)
            assert answer.status_code == 503
            photo = await http.get("/media/none", timeout=2)
            assert (photo.status_code, photo.json()["code"]) == (503, "BUSY")
            assert int(photo.headers["retry-after"]) > 0
            assert (await http.get("/health/live")).status_code == 200
        finally:
            os.kill(mongod.pid, signal.SIGCONT)
        await until(lambda: app.state.doors.has_primary, "a primary that answers")
        assert (await http.post("/graphql", json={"query": "{ __typename }"})).status_code == 200
