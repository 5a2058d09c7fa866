"""Photos and cases that earlier releases wrote go on: developed, looked at, veiled, weighed, shown, swept."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from city_core.cases.photos import find_photo, needed_until, photos_in_cases
from city_core.detection.look import keep_finds, photo_to_look_at, photo_was_looked_at
from city_core.detection.photo_advice import photo_advice
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.kit.work import WorkItem, claim
from city_core.media.ask_for_veils import ask_for_veils
from city_core.media.drop_originals import drop_originals
from city_core.media.files import COPIES, ORIGINALS, settle_files, write_file
from city_core.media.look_bands import look_bands
from city_core.media.sweep_orphans import sweep_photos
from city_workers.veil.job import with_veiler
from tests.integration.media.test_uploads_survive import do_work
from tests.integration.media.test_veil_photo import FixedVeiler, jpeg
from tests.integration.test_photos import People, report_with
from tests.village import found_village
from tests.work_by_hand import do_due_work

LOOK = "0f0f3c3c5a5a9669"


@pytest.fixture
async def people(city: City) -> People:
    return await found_village(city)


async def old_photo(city: City, state: str, *works: str, **more: Any) -> str:
    """Leave a photo as the first release wrote it, without any field that came later."""
    photo_id, data = new_id(), jpeg()
    files = {"original_file": await write_file(city, ORIGINALS, photo_id, data)}
    if state == "READY":
        files |= {
            name: await write_file(city, COPIES, photo_id, data) for name in ("large_file", "small_file")
        }
    await settle_files(city, files.values())
    await city.database.photos.insert_one({
        "_id": photo_id, "owner_id": "citizen-1", "state": state, "sha256": hashlib.sha256(data).hexdigest(),
        "size_bytes": len(data), "content_type": "image/jpeg", "width_px": 1600, "height_px": 1200,
        "look_hash": None, "refusal": None, "received_at": city.clock.now(),
        "work": [WorkItem(kind, kind, city.clock.now()).row() for kind in works], **files, **more,
    })  # fmt: skip
    return photo_id


async def old_case(city: City, people: People, photo_id: str) -> str:
    """Leave a case as the release before wrote it."""
    case_id = await report_with(city, people["citizen-1"], photo_id)
    work = [WorkItem("detect", "detect:1", city.clock.now()).row()]
    gone = dict.fromkeys(("evidence", "after_advice", "photos.$[].role", "photos.$[].taken_with"), "")
    await city.database.cases.update_one({"_id": case_id}, {"$set": {"work": work}, "$unset": gone})
    return case_id


async def stored(city: City, name: str, row_id: str) -> Row:
    found = await city.database[name].find_one({"_id": row_id})
    assert found is not None
    return found


async def veiled(city: City, photo_id: str) -> None:
    handlers = {"veil": with_veiler(FixedVeiler())}
    due = {"$set": {"work.$.due_at": city.clock.now()}}  # a fresh photo's is put behind more urgent work
    await city.database.photos.update_one({"_id": photo_id, "work.kind": "veil"}, due)
    assert await perform(city, handlers, Wake("veil", "photos", photo_id, "veil", city.clock.now()))


async def seen(city: City, photo_id: str) -> None:
    held = await claim(city, Wake("look", "photos", photo_id, "look", city.clock.now()))
    photo = await photo_to_look_at(city, photo_id)
    assert held is not None and photo is not None
    await keep_finds(city, photo["sha256"], "m-1", [])
    await photo_was_looked_at(city, held, "m-1")


async def test_a_photo_that_waited_when_the_release_came_goes_all_the_way(city: City, people: People) -> None:
    photo_id = await old_photo(city, "RECEIVED", "process_photo")
    case_id = await old_case(city, people, photo_id)
    assert (await photo_advice(city, people["citizen-1"], photo_id))["state"] == "WAITING"
    assert await do_work(city, "process_photo", "photos", photo_id)
    with pytest.raises(CityProblem, match="PHOTO_NOT_READY"):
        await find_photo(city, people["citizen-1"], photo_id, "small")
    await veiled(city, photo_id)
    await seen(city, photo_id)
    await do_due_work(city)
    case, photo = await stored(city, "cases", case_id), await stored(city, "photos", photo_id)
    assert [row["media_id"] for row in case["detections"]] == [photo_id]
    assert [row["media_id"] for row in case["evidence"]] == [photo_id]
    assert photo["work"] == [] and photo["veil"]["faces"] == 1
    assert (await find_photo(city, people["citizen-1"], photo_id, "small")).reference == photo["public_file"]
    assert (await photo_advice(city, people["citizen-1"], photo_id))["state"] == "READY"


async def test_a_photo_that_was_ready_is_veiled_looked_at_and_found_among_its_likes(
    city: City, people: People
) -> None:
    photo_id = await old_photo(city, "READY", look_hash=LOOK)
    case_id = await old_case(city, people, photo_id)
    await do_due_work(city)
    assert await ask_for_veils(city) == 1
    await veiled(city, photo_id)
    await seen(city, photo_id)
    await do_due_work(city)
    assert [row["media_id"] for row in (await stored(city, "cases", case_id))["detections"]] == [photo_id]
    assert (await stored(city, "photos", photo_id))["look_bands"] == look_bands(LOOK)
    assert await ask_for_veils(city) == 0


async def test_sweeps_and_a_refusal_know_rows_of_earlier_releases(city: City, people: People) -> None:
    orphan = await old_photo(city, "READY", look_for_case_at=city.clock.now())
    held = await old_photo(city, "READY", look_for_case_at=city.clock.now())
    refused = await old_photo(city, "REFUSED", "photo_refused", refusal="PHOTO_NOT_AN_IMAGE")
    await old_case(city, people, held)
    await old_case(city, people, refused)
    assert await sweep_photos(city, photos_in_cases, photos_in_cases) == 1
    assert await city.database.photos.find_one({"_id": orphan}) is None
    assert await drop_originals(city, needed_until) == 0
    await do_due_work(city)
    assert await city.database.inbox_messages.count_documents({"kind": "PHOTO_REFUSED"}) == 1
    assert (await photo_advice(city, people["citizen-1"], refused))["state"] == "REFUSED"
