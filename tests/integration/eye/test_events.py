"""Many frames of one thing are one event; a person makes a case of it, or says that it is none."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from city_core.cases.file import file_by_rule
from city_core.cases.submit import ReportDraft, submit_report
from city_core.detection.classes import DETECTION_BOOK
from city_core.eye.decide_event import confirm_event, dismiss_event
from city_core.eye.forget import expire_events, forget_frames, photos_in_frames
from city_core.eye.model import SourceKind
from city_core.eye.note_finds import note_finds
from city_core.eye.open_case import OPEN_CASE
from city_core.kit.problems import CityProblem
from tests.integration.eye.conftest import Watched
from tests.machines import GARBAGE, a_source, hand_in, see
from tests.rulebooks import put_in_force
from tests.village import INSIDE
from tests.work_by_hand import command, do_due_work

ELSEWHERE = {**GARBAGE, "x": 0.05}


async def _candidate(watched: Watched) -> str:
    for number in range(2):
        await watched.show(f"f{number}")
        watched.clock.turn(seconds=2)
    [event] = await watched.events()
    assert event["state"] == "CANDIDATE"
    return str(event["_id"])


async def test_forty_frames_of_one_thing_are_one_event_with_its_best_frame(watched: Watched) -> None:
    for number in range(40):
        surest = {**GARBAGE, "confidence": 0.95 if number == 17 else 0.5, "x": 0.4 + number * 0.001}
        await watched.show(f"f{number}", boxes=[surest])
        watched.clock.turn(seconds=2)
    [event] = await watched.events()
    assert (event["state"], event["sightings"], event["confidence"]) == ("CANDIDATE", 40, 0.95)
    assert event["best"]["frame_id"].endswith(":f17") and event["photo_ids"][0] == event["best"]["photo_id"]
    assert event["type_code"] == "E0110" and event["work"] == []
    assert event["last_seen_at"] - event["first_seen_at"] == timedelta(seconds=78)


async def test_frames_noted_at_the_same_moment_make_one_event(watched: Watched) -> None:
    photos = []
    for number in range(12):
        await hand_in(watched.city, watched.source, f"f{number}", watched.clock.now())
        photos.append(await see(watched.city, watched.source, f"f{number}"))
        watched.clock.turn(seconds=2)
    await asyncio.gather(*(note_finds(watched.city, photo) for photo in photos * 3))
    [event] = await watched.events()
    assert event["sightings"] == 12
    assert await watched.city.database.eye_frames.count_documents({"state": "SEEN"}) == 12


async def test_drones_that_see_it_at_the_same_moment_make_one_event(watched: Watched) -> None:
    photos = []
    for number in range(4):
        drone = await a_source(watched.city, watched.people["security-administrator-1"], SourceKind.DRONE)
        for turn in range(3):
            point = (INSIDE[0] + 0.0001 * turn, INSIDE[1])
            await hand_in(
                watched.city, drone.source, f"d{number}-{turn}", watched.clock.now(), point=point, flight="1"
            )
            photos.append(await see(watched.city, drone.source, f"d{number}-{turn}"))
    await asyncio.gather(*(note_finds(watched.city, photo) for photo in photos))
    [event] = await watched.events()
    assert (event["sightings"], event["is_moving"]) == (len(photos), True)


async def test_what_is_seen_once_bothers_nobody_and_two_things_are_two_events(watched: Watched) -> None:
    await watched.show("f1", boxes=[GARBAGE, ELSEWHERE, {**GARBAGE, "x": 0.41, "confidence": 0.4}])
    assert [event["state"] for event in await watched.events()] == ["GLIMPSED", "GLIMPSED"]
    watched.clock.turn(seconds=2)
    await watched.show("f2")
    assert sorted(event["state"] for event in await watched.events()) == ["CANDIDATE", "GLIMPSED"]
    watched.clock.turn(minutes=31)
    await watched.show("f3")
    assert len(await watched.events()) == 3


async def test_unknown_classes_and_unsure_finds_make_nothing(watched: Watched) -> None:
    await watched.show("f1", boxes=[{**GARBAGE, "label": "cat"}, {**GARBAGE, "confidence": 0.2}])
    assert await watched.events() == []
    [frame] = await watched.city.database.eye_frames.find().to_list(None)
    assert (frame["state"], frame["finds"]) == ("SEEN", [])


async def test_a_confirmed_event_is_a_case_that_the_nearest_inspector_verifies(watched: Watched) -> None:
    event_id = await _candidate(watched)
    said = command()
    event = await confirm_event(watched.city, watched.people["acceptor-1"], event_id, said, opinion="属实")
    again = await confirm_event(watched.city, watched.people["acceptor-1"], event_id, said, opinion="属实")
    assert (event["state"], event["work"]) == ("CONFIRMED", []) or event["case_id"] == again["case_id"]
    [case] = await watched.city.database.cases.find().to_list(None)
    assert (case["_id"], case["source"], case["type_code"]) == (event["case_id"], "MACHINE", "E0110")
    assert case["reporter_id"] == watched.source["_id"] and len(case["photos"]) == 2
    watched.clock.turn(seconds=5)
    await do_due_work(watched.city)
    [case] = await watched.city.database.cases.find().to_list(None)
    assert case["state"] == "PENDING_VERIFICATION"
    assert case["task"]["assignee_id"] in ("inspector-1", "inspector-2")
    inbox = await watched.city.database.inbox_messages.find({"kind": "TASK_ASSIGNED"}).to_list(None)
    assert [row["person_id"] for row in inbox] == [case["task"]["assignee_id"]]
    await watched.show("later")
    [event] = await watched.events()
    assert (event["sightings"], event["state"]) == (3, "CONFIRMED")


async def test_a_confirmation_that_was_cut_off_gets_its_one_case_all_the_same(watched: Watched) -> None:
    event_id = await _candidate(watched)
    await confirm_event(watched.city, watched.people["acceptor-1"], event_id, command())
    work = {"kind": OPEN_CASE, "key": OPEN_CASE, "due_at": watched.clock.now(), "input": {}, "attempts": 0,
            "token": None, "given_up": False}  # fmt: skip
    killed = {"$set": {"case_id": None, "work": [work]}}
    await watched.city.database.eye_events.update_one({"_id": event_id}, killed)
    await do_due_work(watched.city, {OPEN_CASE})
    [event] = await watched.events()
    [case] = await watched.city.database.cases.find().to_list(None)
    assert (event["case_id"], event["work"]) == (case["_id"], [])


async def test_two_who_decide_at_the_same_moment_are_one_decision(watched: Watched) -> None:
    event_id = await _candidate(watched)
    acceptor, chief = watched.people["acceptor-1"], watched.people["leader-of-shift"]
    outcomes = await asyncio.gather(
        confirm_event(watched.city, acceptor, event_id, command()),
        dismiss_event(watched.city, chief, event_id, command(), reason="持证经营"),
        confirm_event(watched.city, chief, event_id, command()),
        return_exceptions=True,
    )
    refused = [one.code for one in outcomes if isinstance(one, CityProblem)]
    assert refused == ["EVENT_DECIDED"] * 2
    [event] = await watched.events()
    assert await watched.city.database.cases.count_documents({}) == (event["state"] == "CONFIRMED")


async def test_a_dismissed_event_stays_silent_as_long_as_it_is_seen(watched: Watched) -> None:
    event_id = await _candidate(watched)
    acceptor, said = watched.people["acceptor-1"], command()
    with pytest.raises(CityProblem, match="TEXT_INVALID"):
        await dismiss_event(watched.city, acceptor, event_id, command(), reason=" ")
    await dismiss_event(watched.city, acceptor, event_id, said, reason="持证经营")
    assert (await dismiss_event(watched.city, acceptor, event_id, said, reason="持证经营"))["_id"] == event_id
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await dismiss_event(watched.city, acceptor, event_id, said, reason="另一个理由")
    await watched.show("f9")
    [event] = await watched.events()
    assert (event["state"], event["sightings"], event["reason"]) == ("DISMISSED", 3, "持证经营")


@pytest.mark.parametrize(
    "who", ["citizen-1", "inspector-1", "officer-1", "dispatcher-1", "leader-1", "administrator-1"]
)
async def test_only_acceptors_and_shift_leaders_decide(watched: Watched, who: str) -> None:
    event_id = await _candidate(watched)
    for decide in (
        confirm_event(watched.city, watched.people[who], event_id, command()),
        dismiss_event(watched.city, watched.people[who], event_id, command(), reason="不是"),
    ):
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await decide
    [event] = await watched.events()
    assert event["state"] == "CANDIDATE"


async def test_an_event_of_other_streets_does_not_exist(watched: Watched) -> None:
    event_id = await _candidate(watched)
    stranger = replace(watched.people["acceptor-1"], street_codes=frozenset({"370303002"}))
    with pytest.raises(CityProblem, match="EVENT_UNKNOWN"):
        await confirm_event(watched.city, stranger, event_id, command())


async def test_with_an_open_case_of_the_type_near_an_event_points_to_it(watched: Watched) -> None:
    draft = ReportDraft("E0110", "E0110-1", "垃圾", *INSIDE, "WGS84", 5.0, "", [])
    case = await submit_report(watched.city, watched.people["citizen-1"], command(), draft)
    for number in range(2):
        await watched.show(f"f{number}")
        watched.clock.turn(seconds=2)
    [event] = await watched.events()
    assert (event["state"], event["case_id"]) == ("LINKED", case["_id"])
    await watched.city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"state": "CLOSED"}})
    for number in range(2, 4):
        await watched.show(f"f{number}")
        watched.clock.turn(seconds=2)
    assert [event["state"] for event in await watched.events()] == ["LINKED", "CANDIDATE"]


async def test_no_rule_files_what_a_machine_saw_before_a_person_was_there(watched: Watched) -> None:
    event_id = await _candidate(watched)
    event = await confirm_event(watched.city, watched.people["acceptor-1"], event_id, command())
    query = {"_id": event["case_id"]}
    await watched.city.database.cases.update_one(query, {"$set": {"state": "PENDING_FILING"}})
    assert await file_by_rule(watched.city, event["case_id"], None) is None  # type: ignore[arg-type]


async def test_what_nobody_needs_is_forgotten(watched: Watched) -> None:
    await _candidate(watched)
    watched.clock.turn(seconds=2)
    await watched.show("empty", boxes=[])
    photos = [row["_id"] async for row in watched.city.database.photos.find({}, {"_id": 1})]
    watched.clock.turn(days=8, seconds=1)
    assert await forget_frames(watched.city) == 1
    assert await expire_events(watched.city) == 1
    assert [event["state"] for event in await watched.events()] == ["EXPIRED"]
    assert len(await photos_in_frames(watched.city, photos)) == 2
    watched.clock.turn(days=23)
    assert await forget_frames(watched.city) == 2
    due = {"look_for_case_at": {"$lte": watched.clock.now()}}
    assert await watched.city.database.photos.count_documents(due) == 3


async def test_photos_of_an_event_that_may_become_a_case_outlive_their_frames(watched: Watched) -> None:
    event_id = await _candidate(watched)
    photos = {row["_id"] async for row in watched.city.database.photos.find({}, {"_id": 1})}
    watched.clock.turn(days=31)
    assert await forget_frames(watched.city) == 2
    assert await photos_in_frames(watched.city, photos) == photos
    await dismiss_event(watched.city, watched.people["acceptor-1"], event_id, command(), reason="没有")
    assert await photos_in_frames(watched.city, photos) == set()


@pytest.mark.parametrize(("precision", "state"), [(0.95, "CONFIRMED"), (0.85, "CANDIDATE")])
async def test_a_rule_confirms_only_what_was_measured_to_be_precise(
    watched: Watched, precision: float, state: str
) -> None:
    row = {**DETECTION_BOOK.first_content["detection_classes"][1], "may": "FILE"}
    await put_in_force(watched.city, DETECTION_BOOK, {"detection_classes": [row]})
    measured = {"precision": precision, "recall": 0.9, "samples": 500, "on": "REAL"}
    await watched.city.database.detection_models.insert_one({
        "_id": "test-1", "measured": {"exposed_garbage": measured}, "first_used_at": watched.clock.now(),
    })  # fmt: skip
    for number in range(2):
        await watched.show(f"f{number}")
        watched.clock.turn(seconds=2)
    [event] = await watched.events()
    assert (event["state"], event["work"]) == (state, [])
    cases = await watched.city.database.cases.find().to_list(None)
    assert [case["_id"] for case in cases] == ([event["case_id"]] if state == "CONFIRMED" else [])


async def test_a_class_that_is_switched_off_makes_no_event(watched: Watched) -> None:
    row = {**DETECTION_BOOK.first_content["detection_classes"][1], "is_on": False}
    await put_in_force(watched.city, DETECTION_BOOK, {"detection_classes": [row]})
    await watched.show("f1")
    assert await watched.events() == []
