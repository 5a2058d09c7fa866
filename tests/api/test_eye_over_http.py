"""Machines hand in frames over real HTTP; desks see events, and let machines in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.eye.model import EVENTS, FRAMES, SOURCES
from city_core.eye.note_finds import note_finds
from tests.api.support import Api, new_uuid
from tests.machines import a_frame, see_photo
from tests.village import INSIDE, OUTSIDE, STREET
from tests.work_by_hand import do_due_work

COLLECTIONS = ("machine_sources", "eye_frames", "eye_events", "eye_flights", "eye_cameras", "photo_finds",
               "original_readings", "try_counts")  # fmt: skip


@pytest.fixture(autouse=True)
async def _without_machines(api: Api) -> AsyncIterator[None]:
    yield
    for name in COLLECTIONS:
        await api.city.database[name].delete_many({})


async def a_key(api: Api, kind: str = "VIDEO_PLATFORM", **given: Any) -> str:
    """Have the security administrator let a machine in; answers its key."""
    wanted = {"clientId": new_uuid(), "name": "视频平台", "kind": kind, **given}
    answer = await api.do("security-administrator-1", "administrator", "CreateMachineSource", input=wanted)
    assert answer["__typename"] == "MachineKey", answer
    return str(answer["key"])


def frame(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    """Announce one frame."""
    lng, lat = INSIDE
    return {
        "frameId": f"f{number}",
        "cameraId": "cam-1",
        "takenAt": at.isoformat(),
        "lng": lng,
        "lat": lat,
        **more,
    }


async def hand_in(
    api: Api, key: str, frames: Sequence[dict[str, Any]], pictures: dict[str, bytes] | None = None
) -> Any:
    """Hand in frames, each with a picture of its own."""
    if pictures is None:
        pictures = {row["frameId"]: a_frame() for row in frames}
    parts = [("frames", (None, json.dumps(list(frames)), "application/json"))]
    files = [(name, (f"{name}.jpg", data, "image/jpeg")) for name, data in pictures.items()]
    headers = {"authorization": f"Machine {key}"}
    return await api.http.post("/eye/frames", files=[*parts, *files], headers=headers)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


async def test_ten_seconds_of_forty_frames_are_one_event(api: Api) -> None:
    key, began = await a_key(api), now() - timedelta(minutes=1)
    counts = {"accepted": 0, "thinned": 0, "duplicate": 0, "refused": 0}
    pictures = [a_frame() for _ in range(40)]
    for second in range(10):
        rows = [
            frame(second * 40 + turn, began + timedelta(seconds=second, milliseconds=25 * turn))
            for turn in range(40)
        ]
        given = {row["frameId"]: picture for row, picture in zip(rows, pictures, strict=True)}
        answer = await hand_in(api, key, rows, given)
        assert answer.status_code == 200, answer.text
        for name in counts:
            counts[name] += answer.json()[name]
    assert counts["accepted"] in (5, 6) and counts["thinned"] == 400 - counts["accepted"]
    database = api.city.database
    assert await database.photos.count_documents({"origin": "MACHINE"}) == counts["accepted"]
    for photo in await database.photos.find().to_list(None):
        await see_photo(api.city, photo["_id"])
        await note_finds(api.city, photo["_id"])
    await do_due_work(api.city, {"raise_event"})
    page = await api.do("acceptor-1", "seat", "EyeEvents")
    [event] = page["nodes"]
    assert (event["state"], event["sightings"], event["label"]) == (
        "CANDIDATE", counts["accepted"], "exposed_garbage",
    )  # fmt: skip


async def test_frames_that_come_again_are_known(api: Api) -> None:
    key, at = await a_key(api), now()
    rows = [frame(1, at), frame(2, at + timedelta(seconds=4))]
    first = (await hand_in(api, key, rows)).json()
    assert [one["outcome"] for one in first["frames"]] == ["ACCEPTED", "ACCEPTED"]
    again = (await hand_in(api, key, rows)).json()
    assert [one["outcome"] for one in again["frames"]] == ["DUPLICATE", "DUPLICATE"]
    close = (await hand_in(api, key, [frame(3, at + timedelta(seconds=4, milliseconds=1))])).json()
    assert close["thinned"] == 1
    await api.city.database.photos.delete_one({})  # killed between a frame and its photo
    assert (await hand_in(api, key, rows)).json()["accepted"] == 1
    assert await api.city.database[FRAMES].count_documents({}) == 2


async def test_each_frame_is_refused_for_itself(api: Api) -> None:
    key, at = await a_key(api, streetCodes=[]), now()
    rows = [
        frame(1, at),
        frame(2, at + timedelta(seconds=4), lng=OUTSIDE[0], lat=OUTSIDE[1]),
        frame(3, at + timedelta(seconds=8), takenAt="2020-01-01T00:00:00+08:00"),
        frame(4, at + timedelta(seconds=12), takenAt="2026-01-01T00:00:00"),
        frame(5, at + timedelta(seconds=16), lng="here"),
        frame(6, at + timedelta(seconds=20), lng=None, lat=None, cameraId="never-seen"),
        frame(7, at + timedelta(seconds=24), lng=None, lat=None),
        frame(8, at + timedelta(seconds=28)),
        frame(9, at + timedelta(seconds=32)),
        frame(10, at + timedelta(seconds=36)),
    ]
    pictures = {row["frameId"]: a_frame() for row in rows}
    pictures |= {"f8": b"<svg/>", "f9": a_frame() + bytes(200_000)}
    del pictures["f10"]
    await hand_in(api, key, [frame(0, at - timedelta(seconds=10))])  # from now on cam-1 has a place
    answer = (await hand_in(api, key, rows, pictures)).json()
    found = {one["frameId"]: one.get("code", one["outcome"]) for one in answer["frames"]}
    assert found == {
        "f1": "ACCEPTED", "f2": "PLACE_OUTSIDE_CITY", "f3": "REQUEST_INVALID", "f4": "REQUEST_INVALID",
        "f5": "REQUEST_INVALID", "f6": "PLACE_INVALID", "f7": "ACCEPTED", "f8": "PHOTO_NOT_AN_IMAGE",
        "f9": "PHOTO_TOO_LARGE", "f10": "PHOTO_REQUIRED",
    }  # fmt: skip
    assert answer["accepted"] == 2 and answer["refused"] == 8


@pytest.mark.parametrize(
    "authorization", ["", "Machine", "Machine wrong", "Bearer x", "Machine " + "x" * 5_000]
)
async def test_a_wrong_key_opens_nothing(api: Api, authorization: str) -> None:
    await a_key(api)
    files = [("frames", (None, json.dumps([frame(1, now())])))]
    answer = await api.http.post("/eye/frames", files=files, headers={"authorization": authorization})
    assert (answer.status_code, answer.json()["code"]) == (401, "MACHINE_KEY_WRONG")
    assert await api.city.database[FRAMES].count_documents({}) == 0


async def test_what_is_no_list_is_refused_whole(api: Api) -> None:
    key, at = await a_key(api), now()
    headers = {"authorization": f"Machine {key}"}
    for files in (
        [("frames", (None, "no json"))],
        [("frames", (None, "[]"))],
        [("frames", (None, json.dumps([frame(number, at) for number in range(51)])))],
        [("frames", (None, json.dumps([frame(1, at), frame(1, at)])))],
        [("frames", (None, json.dumps([{"frameId": "../x"}])))],
        [("f1", ("f1.jpg", a_frame())), ("frames", (None, json.dumps([frame(1, at)])))],
        [("frames", (None, " " * 65_000))],
    ):
        answer = await api.http.post("/eye/frames", files=files, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID"), files
    bare = await api.http.post("/eye/frames", content=b"x", headers=headers)
    assert bare.status_code == 400
    assert await api.city.database[FRAMES].count_documents({}) == 0


async def test_a_source_that_hands_in_too_much_is_told_to_wait(api: Api) -> None:
    key, at = await a_key(api, framesPerMinute=3), now()
    answers = [await hand_in(api, key, [frame(turn, at + timedelta(seconds=4 * turn))]) for turn in range(7)]
    refused = [answer for answer in answers if answer.status_code == 429]  # two minutes at most were counted
    assert refused and refused[0].json()["code"] == "TOO_MANY_FRAMES"
    assert refused[0].headers["retry-after"] == "60"


async def test_machines_wait_while_too_many_photos_wait(own_api: Api) -> None:
    key, most = await a_key(own_api), own_api.city.settings.detection_queue_limit
    due = own_api.city.clock.now()
    waiting = [
        {"_id": f"w{number}", "owner_id": "citizen-1", "work": [{"kind": "look", "due_at": due}]}
        for number in range(most)
    ]
    await own_api.city.database.photos.insert_many(waiting)
    answer = await hand_in(own_api, key, [frame(1, now())])
    assert (answer.status_code, answer.json()["code"]) == (503, "BUSY")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_key_is_shown_once_rotated_and_disabled(api: Api) -> None:
    wanted = {"clientId": new_uuid(), "name": "无人机", "kind": "DRONE"}
    made = await api.do("security-administrator-1", "administrator", "CreateMachineSource", input=wanted)
    again = await api.do("security-administrator-1", "administrator", "CreateMachineSource", input=wanted)
    assert (made["source"], again["key"]) == (again["source"], None) and made["key"]
    stored = json.dumps([
        await api.city.database[name].find().to_list(None) for name in (SOURCES, "command_log")
    ], default=str)  # fmt: skip
    assert made["key"] not in stored
    step = {"clientId": new_uuid(), "sourceId": made["source"]["id"]}
    rotated = await api.do("security-administrator-1", "administrator", "RotateMachineKey", input=step)
    assert (await hand_in(api, made["key"], [frame(1, now())])).status_code == 401
    assert (await hand_in(api, rotated["key"], [frame(1, now())])).status_code == 200
    step = {"clientId": new_uuid(), "sourceId": made["source"]["id"]}
    closed = await api.do("security-administrator-1", "administrator", "DisableMachineSource", input=step)
    assert closed["isActive"] is False
    assert (await hand_in(api, rotated["key"], [frame(2, now())])).status_code == 401
    [listed] = await api.do("security-administrator-1", "administrator", "MachineSources")
    assert listed == {name: closed[name] for name in listed}


@pytest.mark.parametrize(
    "who", ["citizen-1", "inspector-1", "acceptor-1", "leader-1", "administrator-1", "auditor-1"]
)
async def test_only_the_security_administrator_lets_machines_in(api: Api, who: str) -> None:
    wanted = {"clientId": new_uuid(), "name": "x", "kind": "DRONE"}
    answer = await api.do(who, "administrator", "CreateMachineSource", input=wanted)
    assert answer["code"] == "NOT_ALLOWED"
    assert await api.city.database[SOURCES].count_documents({}) == 0


async def test_a_flight_is_one_batch_with_its_finds_and_its_pictures_are_for_who_watches(api: Api) -> None:
    key, at = await a_key(api, "DRONE"), now() - timedelta(minutes=10)
    rows = [
        frame(
            turn, at + timedelta(seconds=turn), lng=INSIDE[0] + 0.0002 * turn, flightId="flight-7", heading=90
        )
        for turn in range(6)
    ]
    answer = (await hand_in(api, key, [*rows, {**rows[0], "frameId": "same-spot"}])).json()
    assert (answer["accepted"], answer["thinned"]) == (6, 1)
    photos = await api.city.database.photos.find().sort("received_at", 1).to_list(None)
    for photo in photos[:5]:
        await see_photo(api.city, photo["_id"])
        await note_finds(api.city, photo["_id"])
    await do_due_work(api.city, {"raise_event"})
    [flight] = (await api.do("leader-of-shift", "seat", "EyeBatches"))["nodes"]
    batch = await api.do("leader-of-shift", "seat", "EyeBatch", id=flight["id"], first=4)
    assert (batch["total"], batch["waiting"], batch["seen"], batch["refused"]) == (6, 1, 5, 0)
    assert batch["finds"] == [{"label": "exposed_garbage", "frames": 5}]
    assert [event["state"] for event in batch["events"]] == ["CANDIDATE"] * len(batch["events"])
    assert len(batch["frames"]["nodes"]) == 4 and batch["frames"]["pageInfo"]["hasNextPage"]
    after = batch["frames"]["pageInfo"]["endCursor"]
    rest = await api.do("leader-of-shift", "seat", "EyeBatch", id=flight["id"], first=4, after=after)
    assert [row["frameId"] for row in rest["frames"]["nodes"]] == ["f4", "f5"]
    assert len(batch["events"]) in (2, 3)  # spots 18 m apart, the same within 30 m
    await do_due_work(api.city, {"process_photo"})
    for who, status in (
        ("leader-of-shift", 200),
        ("citizen-1", 404),
        ("inspector-1", 404),
        ("officer-1", 404),
    ):
        path = f"/media/{photos[5]['_id']}?size=small"
        assert (await api.http.get(path, headers=await api.headers(who))).status_code == status, who


async def test_a_seat_confirms_over_graphql_and_others_see_nothing(api: Api) -> None:
    key, at = await a_key(api), now() - timedelta(minutes=1)
    await hand_in(api, key, [frame(turn, at + timedelta(seconds=4 * turn)) for turn in range(3)])
    for photo in await api.city.database.photos.find().to_list(None):
        await see_photo(api.city, photo["_id"])
        await note_finds(api.city, photo["_id"])
    await do_due_work(api.city, {"raise_event"})
    [event] = (await api.do("acceptor-1", "seat", "EyeEvents", state="CANDIDATE"))["nodes"]
    assert (event["place"]["streetCode"], event["sourceName"]) == (STREET, "视频平台")
    given = {"clientId": new_uuid(), "eventId": event["id"]}
    done = await api.do("acceptor-1", "seat", "ConfirmEvent", input=given)
    assert (done["state"], bool(done["caseId"])) == ("CONFIRMED", True)
    assert (await api.do("acceptor-1", "seat", "ConfirmEvent", input=given))["caseId"] == done["caseId"]
    shown = await api.do("acceptor-1", "seat", "EyeEvent", id=event["id"])
    assert [step["action"] for step in shown["history"]] == ["RAISE", "CONFIRM"]
    late = await api.do(
        "leader-of-shift", "seat", "DismissEvent",
        input={"clientId": new_uuid(), "eventId": event["id"], "reason": "不是"},
    )  # fmt: skip
    assert late["code"] == "EVENT_DECIDED"
    for who in ("citizen-1", "inspector-1", "officer-1", "administrator-1"):
        answer = await api.ask("query { eyeEvents { nodes { id } } }", None, who)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
    people = api.city.database.people
    await people.update_one({"_id": "acceptor-1"}, {"$set": {"street_codes": ["370303002"]}})
    assert (await api.do("acceptor-1", "seat", "EyeEvents"))["nodes"] == []
    assert await api.do("acceptor-1", "seat", "EyeEvent", id=event["id"]) is None
    await people.update_one({"_id": "acceptor-1"}, {"$set": {"street_codes": [STREET]}})
    assert await api.city.database[EVENTS].count_documents({}) == 1
