"""Every decision of a person on what a model saw becomes an example for the next model; each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from city_core.cases.cancel import cancel_report
from city_core.cases.file import file_case
from city_core.cases.learn_examples import learn_examples
from city_core.cases.learning import learnt_by
from city_core.cases.reject import reject_report
from city_core.cases.submit import submit_report
from city_core.cases.verify import verify_report
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim
from city_core.people.roles import Actor, Role
from tests.integration.cases.support import DRAFT, People, command, do_all_work, photo, stored
from tests.village import found_village

GARBAGE = {"label": "exposed_garbage", "confidence": 0.8, "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
STALL = {**GARBAGE, "label": "vendor_stall", "confidence": 0.4, "x": 0.5}


@pytest.fixture
async def city(city: City) -> City:
    """A city in which no report waits for a model."""
    return replace(city, settings=city.settings.model_copy(update={"detection_patience_seconds": 0}))


@pytest.fixture
async def people(city: City) -> People:
    return await found_village(city)


async def seen_report(
    city: City, people: People, boxes: list[Row], *, who: str = "citizen-1", typed: bool = False
) -> Row:
    """Have somebody report something with one photo, in which a model saw these boxes."""
    media_id = await photo(city, people[who])
    kind = {} if typed else {"type_code": None, "condition_id": None}
    case = await submit_report(city, people[who], command(), replace(DRAFT, media_ids=[media_id], **kind))
    await do_all_work(city)
    seen = {
        "media_id": media_id, "model_version": "m-1", "boxes": boxes, "looked_at": city.clock.now(),
    }  # fmt: skip
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"detections": [seen]}})
    return await stored(city, case)


async def examples(city: City) -> list[Row]:
    return await city.database.labelled_examples.find().sort("_id", 1).to_list(None)


async def verified(
    city: City, people: People, case: Row, type_code: str | None, finding: str = "EXISTS"
) -> None:
    await verify_report(
        city, people["inspector-1"], case["_id"], command(), finding=finding, type_code=type_code,
        condition_id=f"{type_code}-1" if type_code else None, opinion="看过了",
    )  # fmt: skip
    await do_all_work(city)


async def test_what_a_person_confirms_is_an_accepted_example_with_its_boxes(
    city: City, people: People
) -> None:
    case = await seen_report(city, people, [GARBAGE, STALL])
    await verified(city, people, case, "E0110")
    (row,) = await examples(city)
    (media_id,) = [taken["media_id"] for taken in case["photos"]]
    photo_row = await city.database.photos.find_one({"_id": media_id})
    assert photo_row is not None
    assert row["_id"] == f"case:{case['_id']}:{media_id}"
    assert (row["verdict"], row["labels"], row["boxes"]) == ("ACCEPTED", ["exposed_garbage"], [GARBAGE])
    assert (row["sha256"], row["model_version"]) == (photo_row["sha256"], "m-1")
    assert row["decided_by"] == "inspector-1"


async def test_what_a_person_calls_something_else_is_corrected_and_its_boxes_are_dropped(
    city: City, people: People
) -> None:
    case = await seen_report(city, people, [GARBAGE])
    await verified(city, people, case, "E0112")
    (row,) = await examples(city)
    assert (row["verdict"], row["labels"], row["boxes"]) == ("CORRECTED", ["litter"], [])


async def test_the_later_decision_counts_and_a_repeated_one_changes_nothing(
    city: City, people: People
) -> None:
    case = await seen_report(city, people, [GARBAGE], who="inspector-1")
    filed = await file_case(
        city, people["leader-of-shift"], case["_id"], command(), type_code="E0112", condition_id="E0112-1"
    )
    await do_all_work(city)
    (row,) = await examples(city)
    assert (row["verdict"], row["decided_in_step"]) == ("CORRECTED", filed["version"])
    earlier = {
        "type_code": "E0110", "rejects": False, "step": filed["version"] - 1,
        "decided_by": "inspector-2", "decided_at": row["decided_at"],
    }  # fmt: skip
    again = {**earlier, "type_code": "E0112", "step": filed["version"], "decided_by": "leader-of-shift"}
    for taught in (earlier, again, again):
        await learn_examples(city, Claim("cases", case["_id"], "learn", "learn:0", "token", 1, taught))
    assert await examples(city) == [row]


async def test_a_report_that_is_turned_down_shows_nothing(city: City, people: People) -> None:
    case = await seen_report(city, people, [GARBAGE])
    await verified(city, people, case, None, finding="NOT_FOUND")
    assert await examples(city) == []
    await reject_report(city, people["leader-of-shift"], case["_id"], command(), opinion="没有")
    await do_all_work(city)
    (row,) = await examples(city)
    assert (row["verdict"], row["labels"], row["boxes"]) == ("REJECTED", [], [])


async def test_a_report_that_was_seen_on_the_spot_and_turned_down_teaches_nothing_new(
    city: City, people: People
) -> None:
    case = await seen_report(city, people, [GARBAGE])
    await verified(city, people, case, None)
    await reject_report(city, people["leader-of-shift"], case["_id"], command(), opinion="不归城管")
    await do_all_work(city)
    assert [row["verdict"] for row in await examples(city)] == []


async def test_a_report_that_is_taken_back_takes_its_examples_along(city: City, people: People) -> None:
    case = await seen_report(city, people, [GARBAGE])
    await verified(city, people, case, "E0110")
    (row,) = await examples(city)
    late = {
        "type_code": "E0110", "rejects": False, "step": 99, "decided_by": "inspector-1",
        "decided_at": row["decided_at"],
    }  # fmt: skip
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"state": "PENDING_FILING"}})
    await cancel_report(city, people["citizen-1"], case["_id"], command())
    await do_all_work(city)
    assert await examples(city) == []
    await learn_examples(city, Claim("cases", case["_id"], "learn", "learn:99", "token", 1, late))
    assert await examples(city) == []


async def test_a_photo_that_was_refused_or_sent_by_another_teaches_nothing(
    city: City, people: People
) -> None:
    case = await seen_report(city, people, [GARBAGE])
    media_id = case["photos"][0]["media_id"]
    await city.database.photos.update_one({"_id": media_id}, {"$set": {"state": "REFUSED"}})
    await verified(city, people, case, "E0110")
    assert await examples(city) == []


SEAT, RULE = Actor("s1", Role.SHIFT_LEADER), Actor("system", Role.SYSTEM)
TYPE = {"type_code": "E0110", "rejects": False}
CASE = {"state": "FILED", "type_code": "E0110", "verification": None, "detections": [{"media_id": "m"}]}


@pytest.mark.parametrize(
    ("case", "action", "actor", "taught"),
    [
        (CASE, Action.FILE, SEAT, TYPE),
        (CASE, Action.FILE, RULE, None),
        (CASE, Action.DISPATCH, SEAT, None),
        (CASE, Action.VERIFY, SEAT, None),
        ({**CASE, "verification": "EXISTS"}, Action.VERIFY, SEAT, TYPE),
        ({**CASE, "type_code": "E9999"}, Action.FILE, SEAT, {"type_code": "E9999", "rejects": False}),
        ({**CASE, "type_code": None}, Action.REJECT, SEAT, {"type_code": None, "rejects": True}),
        ({**CASE, "verification": "EXISTS"}, Action.REJECT, SEAT, None),
        ({**CASE, "detections": []}, Action.FILE, SEAT, None),
        ({**CASE, "parent_id": "whole"}, Action.FILE, SEAT, None),
        ({**CASE, "state": "CANCELLED"}, Action.CANCEL, SEAT, {"withdraws": True}),
        ({**CASE, "state": "CANCELLED"}, Action.RECORD_DETECTIONS, RULE, None),
        ({**CASE, "state": "VOID"}, Action.DECIDE_VOID, SEAT, {"withdraws": True}),
        (CASE, Action.DECIDE_VOID, SEAT, None),
    ],
)  # fmt: skip
def test_which_steps_teach_what(case: Row, action: Action, actor: Actor, taught: Row | None) -> None:
    assert learnt_by(case, action, actor) == taught
