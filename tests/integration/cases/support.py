"""What the tests of the loop share: a village, commands, photos, and the work done in between."""

from __future__ import annotations

import io
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from PIL import Image

from city_core.cases.accept import accept_task
from city_core.cases.clocks.stored import clock_fields_after, clock_rules_of, versions_of
from city_core.cases.command import Command
from city_core.cases.report_handled import report_handled
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.work import overdue
from city_core.media.store import receive_photo
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from tests.village import INSIDE

DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [])
People = dict[str, Actor]


def command() -> Command:
    """Make a command of a phone."""
    return Command(str(uuid.uuid4()), None, "phone:test")


async def do_all_work(city: City) -> None:
    """Do what waits, as the workers would, until nothing is due."""
    handlers = handlers_with(LogPushGateway())
    hurried = replace(city, settings=city.settings.model_copy(update={"work_sweep_seconds": 0}))
    for _ in range(50):
        wakes = [
            wake
            for collection in ("cases", "photos", "inbox_messages")
            for wake in await overdue(hurried, collection, handlers, 100)
        ]
        if not [await perform(hurried, handlers, wake) for wake in wakes]:
            return


async def photo(city: City, actor: Actor) -> str:
    """Send a photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")

    async def chunks() -> AsyncIterator[bytes]:
        yield out.getvalue()

    media_id = uuid.uuid4().hex
    await receive_photo(city, actor, media_id, chunks(), len(out.getvalue()))
    return media_id


async def stored(city: City, case: Row | str) -> Row:
    """Read a case as it is stored now."""
    case_id = case if isinstance(case, str) else case["_id"]
    found = await city.database.cases.find_one({"_id": case_id})
    assert found is not None
    return found


async def dispatched(city: City, people: People, who: str = "inspector-1", **changed: Any) -> Row:
    """Have a report come in, filed and dispatched by rule."""
    case = await submit_report(city, people[who], command(), replace(DRAFT, **changed))
    await do_all_work(city)
    return await stored(city, case)


async def handled(city: City, people: People, case: Row) -> Row:
    """Have the officer who holds a case accept and handle it."""
    officer = people[(await stored(city, case))["task"]["assignee_id"]]
    await accept_task(city, officer, case["_id"], command())
    media_id = await photo(city, officer)
    await report_handled(city, officer, case["_id"], command(), opinion="已处置", media_ids=[media_id])
    await do_all_work(city)
    return await stored(city, case)


async def told(city: City, person_id: str, kind: str, case: Row) -> int:
    """Count the messages of a kind that somebody has about a case."""
    query = {"person_id": person_id, "kind": kind, "case_id": case["_id"]}
    return await city.database.inbox_messages.count_documents(query)


async def clock_values(city: City, history: list[Row]) -> Row:
    """Recompute the clock fields of a case from its history alone."""
    return clock_fields_after(history, await clock_rules_of(city, versions_of(history)))
