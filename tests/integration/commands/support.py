"""What the tests of queued commands share: a phone's queue, and the jobs that look after it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from city_core.commands.batch import Batch, Queued
from city_core.commands.run_batch import Outcome, run_batch
from city_core.kit.city import City
from city_core.kit.perform import perform
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from tests.village import INSIDE

DEVICE = "phone-of-tests-1"
_POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracy_m": 5.0}


def queued(
    sequence: int, name: str, given: Mapping[str, Any], *, base: int | None = None,
    at: datetime | None = None, client_id: str | None = None,
) -> Queued:  # fmt: skip
    """Make one command as it lies in a phone's queue."""
    return Queued(client_id or str(uuid.uuid4()), sequence, at, base, name, given)


def report(sequence: int, text: str = "垃圾", **more: Any) -> Queued:
    """Make a queued report."""
    given = {
        "type_code": "E0110", "condition_id": "E0110-1", "description": text, "point": _POINT,
        "address": "柳泉路", "media_ids": [], "component_code": None,
    }  # fmt: skip
    return queued(sequence, "submit_report", given, **more)


async def send(
    city: City, actor: Actor, *commands: Queued, device: str = DEVICE, sent_at: datetime | None = None
) -> list[Outcome]:
    """Hand commands over in one batch."""
    return await run_batch(city, actor, Batch(device, sent_at, "phone:test", commands))


def statuses(outcomes: list[Outcome]) -> list[str]:
    """Name what became of each."""
    return [outcome.status.value for outcome in outcomes]


async def release_what_is_due(city: City) -> int:
    """Do what the jobs worker does about held commands; answers how many it looked at."""
    handlers = {"release_command": handlers_with(LogPushGateway())["release_command"]}
    hurried = replace(city, settings=city.settings.model_copy(update={"work_sweep_seconds": 0.0001}))
    wakes = await overdue(hurried, "command_log", handlers, 100)
    return sum([await perform(hurried, handlers, wake) for wake in wakes])


async def descriptions(city: City) -> list[str]:
    """Name the reports that came in, in the order in which they did."""
    return [case["description"] async for case in city.database.cases.find({}).sort("_id", 1)]
