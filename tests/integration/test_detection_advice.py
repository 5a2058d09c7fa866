"""What a model saw is written to the case as advice, and what people make of it stays on record."""

from __future__ import annotations

import uuid

import pytest

from city_core.cases.command import Command
from city_core.cases.file import file_case
from city_core.cases.record_detections import record_detections
from city_core.cases.submit import ReportDraft, submit_report
from city_core.detection.look import keep_finds
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.kit.work import claim
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from tests.village import INSIDE, found_village


async def photo_that_was_seen(city: City, actor: Actor, media_id: str, label: str, confidence: float) -> None:
    """Have a photo in the city that a stand-in model saw this label in."""
    box = {"label": label, "confidence": confidence, "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    await keep_finds(city, f"bytes of {media_id}", "m-1", [box])
    await city.database.photos.insert_one({
        "_id": media_id, "owner_id": actor.person_id, "state": "READY", "sha256": f"bytes of {media_id}",
        "looked_by": "m-1", "work": [],
    })  # fmt: skip


async def report_that_was_looked_at(city: City, actor: Actor, label: str, confidence: float) -> Row:
    """Report something untyped with one photo, and let a stand-in model see this label in it."""
    media_id = uuid.uuid4().hex
    await photo_that_was_seen(city, actor, media_id, label, confidence)
    draft = ReportDraft(None, None, "", *INSIDE, "WGS84", None, "", [media_id])
    case = await submit_report(city, actor, Command(str(uuid.uuid4())), draft)
    wake = Wake("detect", "cases", case["_id"], "detect:1", city.clock.now())
    held = await claim(city, wake)
    assert held is not None
    looked_at = await record_detections(city, held)
    assert looked_at is not None
    wake = Wake("triage", "cases", case["_id"], "triage:advised", city.clock.now())
    assert await perform(city, handlers_with(LogPushGateway()), wake)
    return looked_at


@pytest.mark.parametrize(
    ("chosen", "outcome"), [((None, None), "ACCEPTED"), (("E0112", "E0112-1"), "OVERRULED")]
)
async def test_a_seat_takes_or_overrules_the_advice(
    city: City, chosen: tuple[str | None, str | None], outcome: str
) -> None:
    people = await found_village(city)
    case = await report_that_was_looked_at(city, people["inspector-1"], "exposed_garbage", 0.8)
    assert (case["advice"]["type_code"], case["advice"]["outcome"]) == ("E0110", "OPEN")
    assert case["type_code"] is None, "advice decides nothing"
    filed = await file_case(
        city, people["leader-of-shift"], case["_id"], Command(str(uuid.uuid4())),
        type_code=chosen[0], condition_id=chosen[1],
    )  # fmt: skip
    assert filed["type_code"] == (chosen[0] or "E0110")
    assert (filed["advice"]["outcome"], filed["advice"]["decided_by"]) == (outcome, "leader-of-shift")
    assert filed["detections"][0]["boxes"][0]["label"] == "exposed_garbage"


async def test_a_weak_find_is_on_record_but_proposes_nothing(city: City) -> None:
    people = await found_village(city)
    case = await report_that_was_looked_at(city, people["inspector-1"], "exposed_garbage", 0.3)
    assert case["advice"] is None
    assert case["detections"][0]["boxes"][0]["confidence"] == 0.3
    assert case["history"][-1]["reasons"] == [
        {"why": "DETECTION", "models": ["m-1"], "labels": ["exposed_garbage"]}
    ]


async def test_an_untyped_report_is_never_filed_by_rule(city: City) -> None:
    people = await found_village(city)
    case = await report_that_was_looked_at(city, people["inspector-1"], "exposed_garbage", 0.99)
    stored = await city.database.cases.find_one({"_id": case["_id"]})
    assert stored is not None and stored["state"] == "PENDING_FILING"
