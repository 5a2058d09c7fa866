"""An inspector puts a thing right on the spot: reviewed and closed in two steps, or filed as usual."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

import pytest

from city_core.cases.model import Case
from city_core.cases.record_detections import record_detections
from city_core.cases.review_spot import review_spot
from city_core.cases.submit import ReportDraft
from city_core.cases.submit_handled import submit_handled_report
from city_core.cases.workflow import Action, duties_kept_apart_from
from city_core.detection.look import keep_finds
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.kit.work import claim
from tests.integration.cases.support import People, command, do_all_work, stored
from tests.village import INSIDE

BEFORE, AFTER = uuid.uuid4().hex, uuid.uuid4().hex
DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [BEFORE])


async def submitted(city: City, people: People) -> Row:
    return await submit_handled_report(
        city, people["inspector-1"], command(), DRAFT, handled_media_ids=[AFTER]
    )


async def test_it_is_closed_with_a_number_in_two_steps(city: City, people: People) -> None:
    case = await submitted(city, people)
    assert (case["state"], case["is_handled_on_spot"]) == ("PENDING_SPOT_REVIEW", True)
    assert [(photo["media_id"], photo["use"]) for photo in case["photos"]] == [
        (BEFORE, "REPORT"), (AFTER, "HANDLE"),
    ]  # fmt: skip
    assert [item["kind"] for item in case["work"]] == [
        "detect",
        "weigh",
        "escalate",
    ]  # looked at, and not triaged
    await do_all_work(city)
    closed = await review_spot(city, people["acceptor-1"], case["_id"], command(), approved=True)
    assert (closed["state"], closed["is_handled_on_spot"]) == ("CLOSED", True)
    assert closed["number"].startswith("370303")
    assert closed["filed_at"] == closed["handled_at"] == closed["closed_at"]
    assert [row["action"] for row in closed["history"]] == ["SUBMIT_HANDLED", "APPROVE_SPOT"]
    await do_all_work(city)
    [message] = await city.database.inbox_messages.find({}).to_list(None)
    assert (message["person_id"], message["kind"]) == ("inspector-1", "CASE_PROGRESS")
    Case.model_validate(await stored(city, case))


async def test_refused_it_goes_the_way_of_any_report(city: City, people: People) -> None:
    case = await submitted(city, people)
    seat = people["leader-of-shift"]
    with pytest.raises(CityProblem, match="OPINION_REQUIRED"):
        await review_spot(city, seat, case["_id"], command(), approved=False)
    refused = await review_spot(city, seat, case["_id"], command(), approved=False, opinion="未清理干净")
    assert (refused["state"], refused["is_handled_on_spot"], refused["number"]) == (
        "PENDING_FILING", False, None,
    )  # fmt: skip
    await do_all_work(city)
    after = await stored(city, case)
    assert [row["action"] for row in after["history"]] == [
        "SUBMIT_HANDLED", "REFUSE_SPOT", "FILE", "DISPATCH",
    ]  # fmt: skip
    with pytest.raises(CityProblem, match="STEP_NOT_POSSIBLE"):
        await review_spot(city, people["acceptor-1"], case["_id"], command(), approved=True)
    assert await stored(city, case) == after


async def test_photos_before_and_after_and_a_type_are_needed_and_an_inspector(
    city: City, people: People
) -> None:
    inspector = people["inspector-1"]
    for draft, after, who, code in (
        (replace(DRAFT, media_ids=[]), [AFTER], inspector, "PHOTO_REQUIRED"),
        (DRAFT, [], inspector, "PHOTO_REQUIRED"),
        (DRAFT, [BEFORE], inspector, "PHOTO_REQUIRED"),
        (replace(DRAFT, type_code=None, condition_id=None), [AFTER], inspector, "TYPE_UNKNOWN"),
        (replace(DRAFT, type_code="E9999"), [AFTER], inspector, "TYPE_UNKNOWN"),
        (DRAFT, [AFTER], people["citizen-1"], "NOT_ALLOWED"),
        (DRAFT, [AFTER], people["officer-1"], "NOT_ALLOWED"),
    ):
        with pytest.raises(CityProblem, match=code):
            await submit_handled_report(city, who, command(), draft, handled_media_ids=after)
    assert await city.database.cases.count_documents({}) == 0


async def test_of_many_at_once_one_remains_and_another_input_is_refused(city: City, people: People) -> None:
    once, inspector = command(), people["inspector-1"]
    tries = [submit_handled_report(city, inspector, once, DRAFT, handled_media_ids=[AFTER]) for _ in range(5)]
    assert len({case["_id"] for case in await asyncio.gather(*tries)}) == 1
    assert await city.database.cases.count_documents({}) == 1
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        other = [uuid.uuid4().hex]
        await submit_handled_report(city, inspector, once, DRAFT, handled_media_ids=other)
    [case] = await city.database.cases.find({}).to_list(None)
    approve = command()
    for _ in range(2):
        await review_spot(city, people["acceptor-1"], case["_id"], approve, approved=True)
    assert (await stored(city, case))["version"] == case["version"] + 1


async def test_detection_looks_at_both_photos_and_sends_the_case_nowhere(city: City, people: People) -> None:
    case = await submitted(city, people)
    await city.database.photos.insert_many([
        {"_id": media_id, "owner_id": "inspector-1", "state": "READY", "sha256": "s", "work": [],
         "looked_by": "m-1"}
        for media_id in (BEFORE, AFTER)
    ])  # fmt: skip
    await keep_finds(city, "s", "m-1", [])
    held = await claim(city, Wake("detect", "cases", case["_id"], "detect:1", city.clock.now()))
    assert held is not None
    after = await record_detections(city, held)
    assert after is not None
    assert (after["state"], len(after["detections"])) == ("PENDING_SPOT_REVIEW", 2)
    assert {item["kind"] for item in after["work"]} == {"weigh", "escalate"}


async def test_only_seats_of_the_street_review_it(city: City, people: People) -> None:
    case = await submitted(city, people)
    for who, code in (("dispatcher-1", "NOT_ALLOWED"), ("inspector-2", "NOT_ALLOWED"),
                      ("inspector-far", "CASE_NOT_FOUND"), ("citizen-1", "CASE_NOT_FOUND")):  # fmt: skip
        with pytest.raises(CityProblem, match=code):
            await review_spot(city, people[who], case["_id"], command(), approved=True)
    assert await stored(city, case) == case


@pytest.mark.parametrize(
    "action",
    [
        Action.APPROVE_SPOT,
        Action.REFUSE_SPOT,
        Action.VERIFY,
        Action.PASS_CHECK,
        Action.ACCEPT,
        Action.DISPATCH,
    ],
)
def test_whoever_handled_it_has_no_other_duty_on_it(action: Action) -> None:
    assert Action.SUBMIT_HANDLED in duties_kept_apart_from(action)
