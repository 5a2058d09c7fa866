"""What finds lead to after handling and by themselves: as far as rule and measure let them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.add_photos import add_photos
from city_core.cases.check import check_case
from city_core.cases.report_handled import report_handled
from city_core.cases.submit import submit_report
from city_core.detection.classes import DETECTION_BOOK, Permission
from city_core.detection.look import keep_finds
from city_core.detection.models import note_model
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import publish
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor
from tests.integration.cases.support import DRAFT, People, command, dispatched, do_all_work, handled, stored
from tests.rulebooks import put_in_force
from tests.village import found_village

GARBAGE = {"label": "exposed_garbage", "confidence": 0.8, "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
GOOD = {"precision": 0.95, "recall": 0.95, "samples": 300, "on": "REAL"}


@pytest.fixture
async def people(city: City) -> People:
    return await found_village(city)


async def let(city: City, may: Permission, measured: Row = GOOD, **changed: Any) -> None:
    """Put the class of garbage in force with this permission, for a model measured so."""
    row = {**DETECTION_BOOK.first_content["detection_classes"][1], "may": may.value, **changed}
    await put_in_force(city, DETECTION_BOOK, {"detection_classes": [row]})
    await note_model(city, "m-1", {"exposed_garbage": measured})


async def seen_photo(city: City, actor: Actor, *boxes: Row, model: str = "m-1") -> str:
    media_id = uuid.uuid4().hex
    await keep_finds(city, media_id, model, boxes)
    await city.database.photos.insert_one({
        "_id": media_id, "owner_id": actor.person_id, "state": "READY", "sha256": media_id,
        "looked_by": model, "work": [],
    })  # fmt: skip
    return media_id


async def reported(city: City, people: People, who: str, type_code: str | None) -> Row:
    """Report garbage that the model saw, and let the city do what follows."""
    media_id = await seen_photo(city, people[who], GARBAGE)
    condition = "E0110-1" if type_code and who.startswith("inspector") else None
    draft = replace(DRAFT, type_code=type_code, condition_id=condition, media_ids=[media_id])
    patient = replace(city, settings=city.settings.model_copy(update={"detection_patience_seconds": 30}))
    case = await submit_report(patient, people[who], command(), draft)
    await do_all_work(city)
    return await stored(city, case)


@pytest.mark.parametrize("who", ["citizen-1", "inspector-1"])
@pytest.mark.parametrize("type_code", [None, "E0110"])
async def test_a_report_is_filed_on_advice_where_the_class_may(
    city: City, people: People, who: str, type_code: str | None
) -> None:
    await let(city, Permission.FILE)
    case = await reported(city, people, who, type_code)
    assert (case["state"], case["type_code"], case["condition_id"]) == ("DISPATCHED", "E0110", "E0110-1")
    assert case["advice"]["outcome"] == "OPEN", "a rule's choice accepts nothing"
    [filing] = [row for row in case["history"] if row["action"] == "FILE"]
    reasons = [row for row in filing["reasons"] if row["why"] == "FILED_ON_ADVICE"]
    plain = who == "inspector-1" and type_code is not None
    assert [(row["label"], row["precision"], row["samples"]) for row in reasons] == (
        [] if plain else [("exposed_garbage", 0.95, 300)]
    )


@pytest.mark.parametrize(
    ("may", "measured", "changed"),
    [
        (Permission.SUGGEST, GOOD, {}),
        (Permission.FILE, {**GOOD, "precision": 0.89}, {}),
        (Permission.FILE, {**GOOD, "samples": 199}, {}),
        (Permission.CLOSE, {**GOOD, "on": "RENDERED"}, {}),
        (Permission.CLOSE, GOOD, {"is_on": False}),
        (Permission.FILE, GOOD, {"least_confidence_percent": 81}),
    ],
)
async def test_below_what_is_asked_people_decide_as_ever(
    city: City, people: People, may: Permission, measured: Row, changed: Row
) -> None:
    await let(city, may, measured, **changed)
    assert (await reported(city, people, "citizen-1", "E0110"))["state"] == "PENDING_VERIFICATION"
    assert (await reported(city, people, "inspector-1", None))["state"] == "PENDING_FILING"


async def test_a_type_that_a_person_gave_is_not_passed_over(city: City, people: People) -> None:
    await let(city, Permission.FILE)
    assert (await reported(city, people, "citizen-1", "E0112"))["state"] == "PENDING_VERIFICATION"


async def handled_case(city: City, people: People, before: list[Row], after: list[Row]) -> Row:
    """Have a case come in with these finds, and be handled with those."""
    shown = await seen_photo(city, people["inspector-1"], *before)
    case = await handled(city, people, await dispatched(city, people, media_ids=[shown]))
    [after_photo] = [photo for photo in case["photos"] if photo["use"] == "HANDLE"]
    await keep_finds(city, after_photo["media_id"], "m-1", after)
    seen = {"state": "READY", "sha256": after_photo["media_id"], "looked_by": "m-1"}
    again = WorkItem("photo_seen", "photo_seen", city.clock.now()).row()
    await city.database.photos.update_one(
        {"_id": after_photo["media_id"]}, {"$set": {**seen, "work": [again]}}
    )
    await do_all_work(city)
    return await stored(city, case)


async def checked(city: City, people: People, case: Row, *, passed: bool) -> Row:
    checker = people[case["task"]["assignee_id"]]
    await check_case(city, checker, case["_id"], command(), passed=passed, opinion="看过")
    await do_all_work(city)
    return await stored(city, case)


@pytest.mark.parametrize(
    ("before", "after", "verdict", "confidence"),
    [
        ([GARBAGE], [GARBAGE], "STILL_THERE", 0.8),
        ([GARBAGE], [], "GONE", 0.8),
        ([], [], "CANNOT_TELL", None),
        ([], [GARBAGE], "STILL_THERE", 0.8),
    ],
)
async def test_advice_after_handling(
    city: City, people: People, before: list[Row], after: list[Row], verdict: str, confidence: float | None
) -> None:
    advice = (await handled_case(city, people, before, after))["after_advice"]
    assert (advice["verdict"], advice["confidence"], advice["outcome"]) == (verdict, confidence, "OPEN")
    assert (advice["label"], advice["model_version"]) == ("exposed_garbage", "m-1")


async def test_a_model_that_misses_seldom_may_say_gone_without_before(city: City, people: People) -> None:
    await let(city, Permission.SUGGEST)
    advice = (await handled_case(city, people, [], []))["after_advice"]
    assert (advice["verdict"], advice["confidence"]) == ("GONE", 0.95)


@pytest.mark.parametrize(
    ("after", "passed", "outcome"),
    [
        ([], True, "ACCEPTED"),
        ([], False, "OVERRULED"),
        ([GARBAGE], True, "OVERRULED"),
        ([GARBAGE], False, "ACCEPTED"),
    ],
)
async def test_the_check_takes_or_overrules_it(
    city: City, people: People, after: list[Row], passed: bool, outcome: str
) -> None:
    case = await handled_case(city, people, [GARBAGE], after)
    checker = case["task"]["assignee_id"]
    decided = (await checked(city, people, case, passed=passed))["after_advice"]
    assert (decided["outcome"], decided["decided_by"]) == (outcome, checker)


async def test_a_checked_case_is_closed_on_advice_where_the_class_may(city: City, people: People) -> None:
    await let(city, Permission.CLOSE)
    case = await checked(city, people, await handled_case(city, people, [GARBAGE], []), passed=True)
    assert case["state"] == "CLOSED"
    assert [row["why"] for row in case["history"][-1]["reasons"]] == ["CLOSED_ON_ADVICE"]
    assert [row["action"] for row in case["history"]].count("PASS_CHECK") == 1


@pytest.mark.parametrize(
    ("may", "measured", "after"),
    [
        (Permission.FILE, GOOD, []),
        (Permission.CLOSE, {**GOOD, "precision": 0.5}, []),
        (Permission.CLOSE, GOOD, [GARBAGE]),
    ],
)
async def test_else_a_seat_closes(
    city: City, people: People, may: Permission, measured: Row, after: list[Row]
) -> None:
    await let(city, may, measured)
    case = await checked(city, people, await handled_case(city, people, [GARBAGE], after), passed=True)
    assert case["state"] == "PENDING_CLOSING"


async def test_types_and_conditions_of_the_rulebook_have_to_be_there(city: City, people: People) -> None:
    row = dict(DETECTION_BOOK.first_content["detection_classes"][1])
    rows = [{**row, "type_code": "E9999"}, {**row, "label": "other", "condition_id": "E0112-1"}]
    by = {"by": "administrator-1", "client_id": "c", "input_hash": "h"}
    published = await publish(city, DETECTION_BOOK, {"detection_classes": rows}, **by)
    assert [(fault.row, fault.column) for fault in published.faults] == [
        (2, "type_code"),
        (3, "condition_id"),
    ]


async def test_a_later_photo_of_somewhere_else_does_not_make_the_problem_gone(
    city: City, people: People
) -> None:
    await let(city, Permission.SUGGEST)
    before = await seen_photo(city, people["inspector-1"], GARBAGE)
    case = await dispatched(city, people, media_ids=[before])
    officer = people[case["task"]["assignee_id"]]
    await accept_task(city, officer, case["_id"], command())
    shows_it = await seen_photo(city, officer, GARBAGE)
    await report_handled(city, officer, case["_id"], command(), opinion="已清理", media_ids=[shows_it])
    await do_all_work(city)
    assert (await stored(city, case))["after_advice"]["verdict"] == "STILL_THERE"
    await add_photos(city, officer, case["_id"], command(), [await seen_photo(city, officer)])
    await do_all_work(city)
    assert (await stored(city, case))["after_advice"]["verdict"] == "STILL_THERE"
