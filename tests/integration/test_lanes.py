"""The lanes of the jobs worker over a real Redis: what waits for a service outside holds up nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from city_core.bootstrap import open_city
from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.waking import QuietWaker, Wake
from city_core.notify.ports import Delivered, Outcome, PushAddress, PushMessage
from city_core.people.devices import register_device
from city_core.people.roles import Actor
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from city_workers.jobs import handlers_with
from city_workers.main import lanes_with
from city_workers.near_waker import NearWaker
from city_workers.runner import keep_lanes
from tests.conftest import settings_for
from tests.hand_clock import HandClock
from tests.village import INSIDE, found_village
from tests.waiting import until

DRAFT = ReportDraft("E0110", "E0110-1", "垃圾", *INSIDE, "WGS84", 8.0, "", [])
REPORTS = 30  # more than there are places for jobs
REACHED_AT_ONCE = 24


class SilentGateway:
    """A push service that takes every hint and answers none before it is told to."""

    name = "silent"

    def __init__(self) -> None:
        self.asked = 0
        self.answers = asyncio.Event()

    async def send(self, batch: Sequence[tuple[PushAddress, PushMessage]]) -> list[Outcome]:
        self.asked += len(batch)
        await self.answers.wait()
        return [Delivered(message.message_id) for _, message in batch]

    async def close(self) -> None:
        return None


@pytest.fixture
async def woken(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[City]:
    settings = settings_for(mongod, redis_server.url, mongodb_database="test_lanes")
    async with open_city(settings, app_name="test") as city:
        yield city
        await city.database.client.drop_database(city.database.name)


async def _report(city: City, actor: Actor) -> None:
    await submit_report(city, actor, Command(str(uuid.uuid4())), DRAFT)


async def _dispatched(city: City) -> int:
    return int(await city.database.cases.count_documents({"state": "DISPATCHED"}))


@contextlib.asynccontextmanager
async def _working(city: City, gateway: SilentGateway) -> AsyncIterator[None]:
    lanes = asyncio.create_task(keep_lanes(city, lanes_with(handlers_with(gateway))))
    try:
        yield
    finally:
        gateway.answers.set()
        lanes.cancel()
        await asyncio.gather(lanes, return_exceptions=True)


async def _village_with_phones(city: City) -> dict[str, Actor]:
    people = await found_village(city)
    for name in ("officer-1", "officer-2"):
        await register_device(
            city, people[name], device_id=f"{name}-phone", address_kind="token", address=f"t-{name}",
            platform="android",
        )  # fmt: skip
    return people


def test_every_job_has_its_lane_in_the_process() -> None:
    handlers = handlers_with(SilentGateway())
    kept = [kind for lane in lanes_with(handlers) for kind in lane.handlers]
    assert sorted(kept) == sorted(handlers)


async def test_a_silent_push_service_holds_up_no_case(woken: City) -> None:
    people, gateway = await _village_with_phones(woken), SilentGateway()
    async with _working(woken, gateway):
        for _ in range(REPORTS):
            await _report(woken, people["inspector-1"])
        await until(lambda: gateway.asked >= REACHED_AT_ONCE, lambda: f"{gateway.asked} hints under way")

        async def all_dispatched() -> bool:
            return await _dispatched(woken) == REPORTS

        await until(all_dispatched, "every case dispatched while no push was answered")
        gateway.answers.set()

        async def all_told() -> bool:
            delivered = {"kind": "TASK_ASSIGNED", "pushes.outcome": "DELIVERED"}
            return await woken.database.inbox_messages.count_documents(delivered) == REPORTS

        await until(all_told, "every hint delivered")


async def test_a_hint_goes_to_a_free_place_of_the_same_process_without_redis(woken: City) -> None:
    waker, gateway = QuietWaker(), SilentGateway()
    people = await _village_with_phones(woken)
    async with _working(replace(woken, waker=waker), gateway):
        await _report(replace(woken, waker=waker), people["inspector-1"])
        await until(lambda: gateway.asked, "the hint")
    assert "push" not in {wake.kind for wake in waker.wakes}


async def test_what_finds_no_place_or_is_due_later_goes_to_all_processes() -> None:
    clock, inner = HandClock(datetime(2026, 11, 23, tzinfo=UTC)), QuietWaker()
    taken: list[Wake] = []
    near = NearWaker(inner, clock)
    now, later = (
        Wake("push", "inbox_messages", "m", key, clock.now() + timedelta(seconds=seconds))
        for key, seconds in (("now", 0), ("later", 1))
    )
    near.wake(now)
    near.open({"push": lambda _: False})
    near.wake(now)

    def take(wake: Wake) -> bool:
        taken.append(wake)
        return True

    near.open({"push": take})
    for wake in (now, later):
        near.wake(wake)
    assert (inner.wakes, taken) == ([now, now, later], [now])
