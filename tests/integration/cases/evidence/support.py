"""What the tests of evidence share: photos as the darkroom leaves them, and the work that weighs them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from city_core.cases.accept import accept_task
from city_core.cases.report_handled import report_handled
from city_core.cases.submit import submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.look_bands import look_bands
from city_core.people.roles import Actor
from tests.integration.cases.support import DRAFT, People, command, do_all_work, stored

LOOK, OTHER_LOOK = "0f0f3c3c5a5a9669", "3355ccaa0ff01e87"


async def ready_photo(city: City, actor: Actor, look: str | None = None, **capture: Any) -> str:
    """Leave a photo as it is once its copies are made."""
    media_id = uuid.uuid4().hex
    await city.database.photos.insert_one({
        "_id": media_id, "owner_id": actor.person_id, "state": "READY", "look_hash": look,
        "look_bands": look_bands(look), "capture": {"app_mark": media_id, **capture},
        "received_at": city.clock.now(), "work": [],
    })  # fmt: skip
    return media_id


async def reported(city: City, people: People, who: str = "inspector-1", **more: Any) -> Row:
    """Have a report come in, and do what follows from it."""
    case = await submit_report(city, people[who], command(), replace(DRAFT, **more))
    await do_all_work(city)
    return await stored(city, case)


async def handled_with(
    city: City, people: People, case: Row, media_id: str | None = None, **more: Any
) -> Row:
    """Have the officer who holds a case handle it, with one photo of now unless said otherwise."""
    officer = people[case["task"]["assignee_id"]]
    await accept_task(city, officer, case["_id"], command())
    if media_id is None:
        taken = {"taken_at": city.clock.now() + timedelta(minutes=1), **more}
        media_id = await ready_photo(city, officer, **taken)
    await report_handled(city, officer, case["_id"], command(), opinion="已清理", media_ids=[media_id])
    await do_all_work(city)
    return await stored(city, case)


def flags_of(case: Row) -> list[tuple[str, str]]:
    """Name the flags on a case: use of the photo, and kind."""
    use = {photo["media_id"]: photo["use"] for photo in case["photos"]}
    return [(use[row["media_id"]], flag["kind"]) for row in case["evidence"] for flag in row["flags"]]
