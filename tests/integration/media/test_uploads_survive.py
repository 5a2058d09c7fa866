"""Uploads and photos outlive killed processes, and what nobody needs is swept, on a clock that is turned."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from city_core.cases.photos import open_photo, photos_in_cases
from city_core.commands.queries import photos_in_commands
from city_core.kit.city import City
from city_core.kit.duties import Duty, take_turn
from city_core.kit.ids import new_id
from city_core.kit.mongo import photo_store
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.media.add_piece import add_piece
from city_core.media.allow_upload import allow_upload
from city_core.media.begin_upload import UploadPlan, begin_upload
from city_core.media.continue_upload import continue_upload
from city_core.media.files import read_file, write_file
from city_core.media.store import keep_photo
from city_core.media.sweep_orphans import sweep_files, sweep_photos, sweep_uploads
from city_core.media.upload_tokens import read_upload_token
from city_core.media.uploads import find_upload
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.duties import DUTIES, do_duties
from city_workers.jobs import handlers_with
from tests.hand_clock import HandClock, beijing
from tests.integration.commands.support import queued, report, send, statuses
from tests.integration.test_photos import jpeg, report_with
from tests.veils_by_hand import veil
from tests.village import found_village

People = dict[str, Actor]
NOWHERE = {
    "media_s3_bucket": "b", "media_s3_endpoint": "http://127.0.0.1:9",
    "media_s3_access_key_id": SecretStr("k"), "media_s3_secret_access_key": SecretStr("s"),
}  # fmt: skip


@pytest.fixture
def clock() -> HandClock:
    return HandClock(beijing(2, 9))


@pytest.fixture
def town(city: City, clock: HandClock) -> City:
    return replace(city, clock=clock)


@pytest.fixture
async def people(town: City) -> People:
    return await found_village(town)


async def begun(city: City, actor: Actor, data: bytes) -> dict[str, object]:
    return await begin_upload(city, actor, UploadPlan(new_id(), len(data)))


async def pieces(*data: bytes, then: str | None = None) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece
    if then:
        raise CityProblem(then)


async def do_work(city: City, kind: str, collection: str, owner_id: str) -> bool:
    wake = Wake(kind, collection, owner_id, kind, city.clock.now())
    return await perform(city, handlers_with(LogPushGateway()), wake)


async def kept(city: City, name: str) -> int:
    return int(await city.database[name].count_documents({}))


async def test_an_upload_whose_process_died_after_its_last_byte_becomes_a_photo(
    town: City, clock: HandClock, people: People
) -> None:
    data = jpeg()
    row = await begun(town, people["citizen-1"], data)
    await add_piece(town, row, data)  # all bytes are kept, and then the process is killed
    assert not await do_work(town, "finish_upload", "uploads", str(row["_id"]))
    clock.turn(seconds=20)
    assert await do_work(town, "finish_upload", "uploads", str(row["_id"]))
    photo = await town.database.photos.find_one({"_id": row["_id"]})
    assert photo is not None and photo["size_bytes"] == len(data)
    upload = await town.database.uploads.find_one({"_id": row["_id"]})
    assert upload is not None and (upload["done"], upload["work"], upload["parts"]) == (True, [], [])
    assert await kept(town, "upload_parts") == 0


async def test_bytes_are_kept_in_time_and_to_the_last_before_a_cut(
    town: City, clock: HandClock, people: People
) -> None:
    citizen, data = people["citizen-1"], jpeg()
    row = await begun(town, citizen, data)
    upload_id = str(row["_id"])

    async def slowly() -> AsyncIterator[bytes]:
        yield data[:100]
        clock.turn(seconds=6)
        yield data[100:200]
        seen = await find_upload(town, citizen, upload_id)
        assert seen["offset_bytes"] == 200  # before the request has ended: another process could go on
        yield data[200:333]
        raise CityProblem("PHOTO_INTERRUPTED")

    with pytest.raises(CityProblem, match="PHOTO_INTERRUPTED"):
        await continue_upload(town, citizen, upload_id, 0, slowly())
    assert (await find_upload(town, citizen, upload_id))["offset_bytes"] == 333
    done = await continue_upload(town, citizen, upload_id, 333, pieces(data[333:]))
    assert done["done"]


async def test_an_expired_upload_says_so_and_is_swept_with_its_pieces(
    town: City, clock: HandClock, people: People
) -> None:
    citizen, data = people["citizen-1"], jpeg()
    row = await begun(town, citizen, data)
    upload_id = str(row["_id"])
    await continue_upload(town, citizen, upload_id, 0, pieces(data[:500]))
    clock.turn(days=6)
    assert await sweep_uploads(town) == 0
    clock.turn(days=1)
    with pytest.raises(CityProblem, match="UPLOAD_EXPIRED"):
        await find_upload(town, citizen, upload_id)
    assert sum(await asyncio.gather(sweep_uploads(town), sweep_uploads(town))) == 1
    assert await kept(town, "upload_parts") == await kept(town, "uploads") == 0
    anew = await begin_upload(town, citizen, UploadPlan(upload_id, len(data)))
    assert anew["offset_bytes"] == 0


async def test_a_photo_waits_for_its_report_and_is_then_forgotten(
    town: City, clock: HandClock, people: People
) -> None:
    citizen = people["citizen-1"]
    orphan, reported, late = (new_id() for _ in range(3))
    for photo_id in (orphan, reported, late):
        await keep_photo(town, citizen.person_id, photo_id, jpeg())
        assert await do_work(town, "process_photo", "photos", photo_id)
    await report_with(town, citizen, reported)
    clock.turn(days=6, hours=23)
    assert await sweep_photos(town, photos_in_cases, photos_in_commands) == 0
    await report_with(town, citizen, late)
    clock.turn(hours=2)
    swept = await asyncio.gather(*(sweep_photos(town, photos_in_cases, photos_in_commands) for _ in range(3)))
    assert sum(swept) == 1
    assert {row["_id"] async for row in town.database.photos.find({})} == {reported, late}
    assert await kept(town, "photo_originals.files") == 2 and await kept(town, "photo_copies.files") == 4
    clock.turn(days=60)
    await sweep_files(town)  # who came too late to forget it may have left its files on the list
    assert await kept(town, "begun_files") == 0
    assert (
        await sweep_photos(town, photos_in_cases, photos_in_commands) == 0
    )  # what a case holds is never looked at again
    assert await town.database.photos.count_documents({"look_for_case_at": {"$exists": True}}) == 0
    assert (await open_photo(town, people["inspector-1"], reported, "small")).data
    row = await keep_photo(town, citizen.person_id, orphan, jpeg())  # away for weeks: it just sends it again
    assert not row["already_here"]


async def test_a_report_that_comes_in_the_very_moment_of_the_sweep_keeps_its_photo(
    town: City, clock: HandClock, people: People
) -> None:
    photo_id, asked = new_id(), 0
    await keep_photo(town, "citizen-1", photo_id, jpeg())
    clock.turn(days=8)

    async def in_use(city: City, media_ids: object) -> set[str]:
        nonlocal asked
        asked += 1
        return set() if asked == 1 else {photo_id}

    assert await sweep_photos(town, in_use, photos_in_commands) == 0
    assert await town.database.photos.find_one({"_id": photo_id}) is not None
    assert await kept(town, "photo_originals.files") == 1 and await kept(town, "begun_files") == 0


async def test_a_photo_that_is_veiled_in_the_very_moment_of_the_sweep_leaves_no_file_behind(
    town: City, clock: HandClock, people: People
) -> None:
    photo_id, asked = new_id(), 0
    await keep_photo(town, "citizen-1", photo_id, jpeg())
    assert await do_work(town, "process_photo", "photos", photo_id)
    clock.turn(days=8)

    async def in_use(city: City, media_ids: object) -> set[str]:
        nonlocal asked
        asked += 1
        if asked == 1:
            await veil(city, photo_id)
        return set()

    await sweep_photos(town, in_use, photos_in_commands)
    await sweep_photos(town, in_use, photos_in_commands)
    assert await town.database.photos.count_documents({}) == 0
    clock.turn(days=2)
    await sweep_files(town)
    assert await kept(town, "photo_copies.files") == 0 and await kept(town, "photo_originals.files") == 0


async def test_the_files_of_a_refused_photo_are_on_the_list_before_another_takes_its_place(
    town: City, people: People
) -> None:
    photo_id, original = new_id(), "s3:photo_originals/away"
    row = {"_id": photo_id, "owner_id": "citizen-1", "state": "REFUSED", "sha256": ""}
    await town.database.photos.insert_one({**row, "original_file": original})
    settings = town.settings.model_copy(update=NOWHERE)
    with pytest.raises(CityProblem, match="BUSY"):  # cut off as if it was killed
        await keep_photo(replace(town, settings=settings), "citizen-1", photo_id, jpeg())
    taken = await town.database.photos.find_one({"_id": photo_id})
    assert taken is not None and taken["state"] == "RECEIVED"
    assert await town.database.begun_files.find_one({"_id": original}) is not None


async def test_a_photo_of_a_command_that_still_waits_is_kept_until_that_is_done(
    town: City, clock: HandClock, people: People
) -> None:
    waited_for, refused = new_id(), new_id()
    for photo_id in (waited_for, refused):
        await keep_photo(town, "citizen-1", photo_id, jpeg())
    clock.turn(days=8)
    good = report(2)
    spelt = str(uuid.UUID(waited_for)).upper()
    good.given["media_ids"].append(spelt)  # type: ignore[index]
    wrong = queued(3, "add_photos", {"case_id": "none", "media_ids": [refused]})
    assert statuses(await send(town, people["citizen-1"], good, wrong)) == ["HELD", "HELD"]
    assert await sweep_photos(town, photos_in_cases, photos_in_commands) == 0
    await send(town, people["citizen-1"], report(1))
    clock.turn(days=2)
    assert await sweep_photos(town, photos_in_cases, photos_in_commands) == 1
    assert {row["_id"] async for row in town.database.photos.find({})} == {waited_for}


async def test_many_orphans_are_swept_in_one_turn(town: City, clock: HandClock) -> None:
    rows = [
        {"_id": new_id(), "owner_id": "citizen-1", "state": "REFUSED", "look_for_case_at": clock.now()}
        for _ in range(230)
    ]
    await town.database.photos.insert_many(rows)
    assert await sweep_photos(town, photos_in_cases, photos_in_commands) == 230


async def test_files_in_a_store_that_does_not_answer_wait_behind_all_others(
    town: City, clock: HandClock
) -> None:
    settings = town.settings.model_copy(update=NOWHERE)
    begun = clock.now()
    await town.database.begun_files.insert_one(
        {"_id": "s3:photo_originals/far", "photo_id": "far", "begun_at": begun}
    )
    clock.turn(minutes=5)
    await write_file(town, "photo_originals", new_id(), b"bytes")
    clock.turn(days=1, minutes=1)
    assert await sweep_files(replace(town, settings=settings)) == 1
    [left] = await town.database.begun_files.find({}).to_list(2)
    assert left["_id"] == "s3:photo_originals/far" and left["begun_at"] > begun


async def test_files_of_killed_processes_are_settled(town: City, clock: HandClock, people: People) -> None:
    named, stray = new_id(), new_id()
    await keep_photo(town, "citizen-1", named, jpeg())
    photo = await town.database.photos.find_one({"_id": named})
    assert photo is not None
    begun = {"_id": photo["original_file"], "photo_id": named, "begun_at": clock.now()}
    await town.database.begun_files.insert_one(begun)  # killed before it was taken off the list
    await write_file(town, "photo_originals", stray, b"bytes")  # killed before the row was written
    assert await sweep_files(town) == 0
    clock.turn(days=1, minutes=1)
    assert await sweep_files(town) == 1
    assert await kept(town, "photo_originals.files") == 1 and await kept(town, "begun_files") == 0
    assert await do_work(town, "process_photo", "photos", named)


async def test_a_photo_that_was_refused_leaves_no_file_when_it_is_sent_anew(
    town: City, people: People
) -> None:
    photo_id = new_id()
    await keep_photo(town, "citizen-1", photo_id, jpeg()[:1200])
    assert await do_work(town, "process_photo", "photos", photo_id)
    await keep_photo(town, "citizen-1", photo_id, jpeg())
    assert await kept(town, "photo_originals.files") == 1 and await kept(town, "begun_files") == 0


async def test_photos_of_the_first_version_stay_readable(town: City, people: People) -> None:
    photo_id = new_id()
    await keep_photo(town, "citizen-1", photo_id, jpeg())
    row = await town.database.photos.find_one({"_id": photo_id})
    assert row is not None
    old = await photo_store(town.database, "photo_originals").upload_from_stream(photo_id, jpeg())
    await town.database.photos.update_one({"_id": photo_id}, {"$set": {"original_file": old}})
    assert await read_file(town, {**row, "original_file": old}, "original_file") == jpeg()
    assert await do_work(town, "process_photo", "photos", photo_id)
    old = await photo_store(town.database, "photo_copies").upload_from_stream(photo_id, jpeg())
    await town.database.photos.update_one({"_id": photo_id}, {"$set": {"public_file": old}})
    assert (await open_photo(town, people["citizen-1"], photo_id, "large")).data == jpeg()


async def test_two_identical_photos_in_one_report_are_two_photos(town: City, people: People) -> None:
    citizen, one, two = people["citizen-1"], str(uuid.uuid4()), str(uuid.uuid4())
    case_id = await report_with(town, citizen, one, two)
    for media_id in (one, two):
        row = await keep_photo(town, citizen.person_id, uuid.UUID(media_id).hex, jpeg())
        assert not row["already_here"]
    case = await town.database.cases.find_one({"_id": case_id})
    assert case is not None and len(case["photos"]) == 2
    assert await kept(town, "photos") == 2


async def test_an_upload_token_lasts_a_week(town: City, clock: HandClock, people: People) -> None:
    plan = UploadPlan(new_id(), 1000)
    allowed = await allow_upload(town, people["citizen-1"], plan)
    clock.turn(days=6, hours=23)
    permit = await read_upload_token(town, allowed.upload_token)
    assert (permit.actor.person_id, permit.media_id, permit.size_bytes) == ("citizen-1", plan.media_id, 1000)
    clock.turn(hours=1)
    with pytest.raises(CityProblem, match="UPLOAD_TOKEN_INVALID"):
        await read_upload_token(town, allowed.upload_token)


async def test_a_duty_is_done_by_one_process_at_a_time(town: City, clock: HandClock) -> None:
    async def do(city: City) -> int:
        return 0

    duty = Duty("test", timedelta(hours=1), do)
    assert sum(await asyncio.gather(*(take_turn(town, duty) for _ in range(8)))) == 1
    clock.turn(minutes=59)
    assert not await take_turn(town, duty)
    clock.turn(minutes=1)
    assert sum(await asyncio.gather(*(take_turn(town, duty) for _ in range(8)))) == 1


async def test_the_workers_duties_sweep_and_one_that_fails_stops_no_other(
    town: City, clock: HandClock, people: People
) -> None:
    async def fail(city: City) -> int:
        raise RuntimeError("broken")

    await begun(town, people["citizen-1"], jpeg())
    await keep_photo(town, "citizen-1", new_id(), jpeg())
    clock.turn(days=8)
    await do_duties(town, [Duty("broken", timedelta(hours=1), fail), *DUTIES])
    assert await kept(town, "photos") == await kept(town, "uploads") == 0


@pytest.mark.parametrize(
    ("collection", "query"),
    [
        ("photos", {"look_for_case_at": {"$lte": beijing(2, 9)}}),
        ("uploads", {"expires_at": {"$lte": beijing(2, 9)}}),
        ("uploads", {"owner_id": "a", "done": False, "refusal": None, "expires_at": {"$gt": beijing(2, 9)}}),
        ("photos", {"owner_id": "a", "received_at": {"$gt": beijing(2, 9)}}),
        ("upload_parts", {"expires_at": {"$lte": beijing(2, 9)}}),
        ("begun_files", {"begun_at": {"$lte": beijing(2, 9)}}),
        ("cases", {"photos.media_id": {"$in": ["a", "b"]}}),
        ("command_log", {"photo_ids": {"$in": ["a", "b"]}}),
    ],
)
async def test_every_sweep_has_its_index(town: City, collection: str, query: dict[str, object]) -> None:
    plan = await town.database[collection].find(query).explain()
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])
