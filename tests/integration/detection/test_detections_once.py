"""What a model saw is put on record once, however many ask for it at the same moment."""

from __future__ import annotations

import asyncio
import uuid

from city_core.cases.command import Command
from city_core.cases.record_detections import record_detections
from city_core.cases.submit import ReportDraft, submit_report
from city_core.detection.look import keep_finds
from city_core.kit.city import City
from city_core.kit.waking import Wake
from city_core.kit.work import WorkItem, claim
from city_core.media.store import keep_photo
from tests.integration.test_photos import jpeg
from tests.village import INSIDE, found_village


async def test_workers_that_hear_of_finds_at_the_same_moment_make_one_step_of_them(city: City) -> None:
    people = await found_village(city)
    photo_id = uuid.uuid4().hex
    photo = await keep_photo(city, "inspector-1", photo_id, jpeg())
    draft = ReportDraft("E0110", "E0110-1", "", *INSIDE, "WGS84", None, "", [photo_id])
    case = await submit_report(city, people["inspector-1"], Command(str(uuid.uuid4())), draft)
    await keep_finds(city, photo["sha256"], "m-1", [])
    seen = {"state": "READY", "looked_by": "m-1", "work": []}
    await city.database.photos.update_one({"_id": photo_id}, {"$set": seen})
    items = [WorkItem("detect", f"detect:{number}", city.clock.now()) for number in range(2, 10)]
    work = [item.row() for item in items]
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"work": work}})
    wakes = [Wake("detect", "cases", case["_id"], item.key, item.due_at) for item in items]
    held = [claimed for wake in wakes if (claimed := await claim(city, wake)) is not None]
    await asyncio.gather(*(record_detections(city, one) for one in held))
    done = await city.database.cases.find_one({"_id": case["_id"]})
    assert done is not None and [row["media_id"] for row in done["detections"]] == [photo_id]
    assert [row["action"] for row in done["history"]].count("RECORD_DETECTIONS") == 1
