"""Photos on a real mongod: taken in once, copied, refused with a reason, shown to whom they concern."""

from __future__ import annotations

import io
import uuid
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from city_core.cases.command import Command
from city_core.cases.photos import open_photo
from city_core.cases.submit import ReportDraft, submit_report
from city_core.detection.look import keep_finds, photo_to_look_at, photo_was_looked_at
from city_core.kit.city import City
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.kit.work import WorkItem, claim
from city_core.media.process import refuse_photo
from city_core.media.store import receive_photo
from city_core.notify.adapters.log import LogPushGateway
from city_core.notify.tell_photo_refused import tell_photo_refused
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from tests.village import INSIDE, found_village

People = dict[str, Actor]


@pytest.fixture
async def people(city: City) -> People:
    return await found_village(city)


def jpeg(colour: str = "grey", size: tuple[int, int] = (1280, 960)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


async def send(city: City, actor: Actor, media_id: str, data: bytes, announced: int | None = None) -> bool:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 4096):
            yield data[start : start + 4096]

    row = await receive_photo(city, actor, media_id, chunks(), announced)
    return bool(row["already_here"])


async def process(city: City, media_id: str) -> None:
    wake = Wake("process_photo", "photos", uuid.UUID(media_id).hex, "process_photo", city.clock.now())
    await perform(city, handlers_with(LogPushGateway()), wake)


async def works_of(city: City, media_id: str) -> list[str]:
    photo = await city.database.photos.find_one({"_id": uuid.UUID(media_id).hex})
    assert photo is not None
    return [item["kind"] for item in photo["work"]]


async def see(city: City, media_id: str) -> None:
    """Let a stand-in model look at a photo, and do what that leads to."""
    photo_id = uuid.UUID(media_id).hex
    held = await claim(city, Wake("look", "photos", photo_id, "look", city.clock.now()))
    photo = await photo_to_look_at(city, photo_id)
    assert held is not None and photo is not None
    await keep_finds(city, photo["sha256"], "m-1", [])
    assert await photo_was_looked_at(city, held, "m-1")
    wake = Wake("photo_seen", "photos", photo_id, "photo_seen", city.clock.now())
    assert await perform(city, handlers_with(LogPushGateway()), wake)


async def report_with(city: City, actor: Actor, *media_ids: str) -> str:
    draft = ReportDraft("E0110", "E0110-1", "", *INSIDE, "WGS84", None, "", list(media_ids))
    return str((await submit_report(city, actor, Command(str(uuid.uuid4())), draft))["_id"])


async def test_the_same_bytes_again_are_already_here_and_others_refused(city: City, people: People) -> None:
    media_id, inspector = str(uuid.uuid4()), people["inspector-1"]
    assert not await send(city, inspector, media_id, jpeg())
    assert await send(city, inspector, media_id, jpeg())
    for actor, data in ((inspector, jpeg("blue")), (people["citizen-1"], jpeg())):
        with pytest.raises(CityProblem, match="PHOTO_ID_TAKEN"):
            await send(city, actor, media_id, data)
    assert await city.database["photo_originals.files"].count_documents({}) == 1


@pytest.mark.parametrize(
    ("data", "announced", "code"),
    [
        (b"", None, "PHOTO_EMPTY"),
        (b"only a text", None, "PHOTO_NOT_AN_IMAGE"),
        (jpeg()[:500], 9_000, "PHOTO_INTERRUPTED"),
        (b"x", 30_000_000, "PHOTO_TOO_LARGE"),
    ],
)
async def test_each_bad_photo_has_its_own_refusal(
    city: City, people: People, data: bytes, announced: int | None, code: str
) -> None:
    with pytest.raises(CityProblem) as refused:
        await send(city, people["citizen-1"], str(uuid.uuid4()), data, announced)
    assert refused.value.code == code
    assert await city.database["photo_originals.files"].count_documents({}) == 0


async def test_a_refused_photo_shows_and_can_be_sent_anew(city: City, people: People) -> None:
    media_id, citizen = str(uuid.uuid4()), people["citizen-1"]
    await report_with(city, citizen, media_id)
    with pytest.raises(CityProblem, match="PHOTO_NOT_AN_IMAGE"):
        await send(city, citizen, media_id, b"text in a jpg")
    row = await city.database.photos.find_one({"_id": uuid.UUID(media_id).hex})
    assert row is not None and (row["state"], row["refusal"]) == ("REFUSED", "PHOTO_NOT_AN_IMAGE")
    assert not await send(city, citizen, media_id, jpeg())


async def test_a_broken_photo_is_refused_later_and_its_owner_told(city: City, people: People) -> None:
    media_id, citizen = str(uuid.uuid4()), people["citizen-1"]
    case_id = await report_with(city, citizen, media_id)
    await send(city, citizen, media_id, jpeg()[:1200])  # a whole header, half a picture
    await process(city, media_id)
    row = await city.database.photos.find_one({"_id": uuid.UUID(media_id).hex})
    assert row is not None and (row["state"], row["work"]) == ("REFUSED", [])
    [message] = await city.database.inbox_messages.find({"kind": "PHOTO_REFUSED"}).to_list(None)
    assert (message["person_id"], message["case_id"]) == ("citizen-1", case_id)


async def test_who_reports_with_a_photo_that_was_refused_already_is_told_once(
    city: City, people: People
) -> None:
    media_id, citizen = str(uuid.uuid4()), people["citizen-1"]
    photo_id = uuid.UUID(media_id).hex
    await send(city, citizen, media_id, jpeg()[:1200])
    await process(city, media_id)
    case_id = await report_with(city, citizen, media_id)
    handlers = handlers_with(LogPushGateway())
    await perform(city, handlers, Wake("detect", "cases", case_id, "detect:1", city.clock.now()))
    again = WorkItem("photo_refused", "photo_refused", city.clock.now())
    for version in range(50, 53):  # the work is done again later, as when its worker dies
        await perform(city, handlers, Wake(again.kind, "photos", photo_id, again.key, again.due_at))
        await city.database.cases.update_one({"_id": case_id}, {"$set": {"version": version}})
        await city.database.photos.update_one({"_id": photo_id}, {"$push": {"work": again.row()}})
    [message] = await city.database.inbox_messages.find({"kind": "PHOTO_REFUSED"}).to_list(None)
    assert (message["person_id"], message["case_id"]) == ("citizen-1", case_id)


async def test_nobody_is_told_of_a_refusal_after_the_photo_was_sent_anew(city: City, people: People) -> None:
    media_id, citizen = str(uuid.uuid4()), people["citizen-1"]
    await report_with(city, citizen, media_id)
    await send(city, citizen, media_id, jpeg()[:1200])
    held = await claim(
        city, Wake("process_photo", "photos", uuid.UUID(media_id).hex, "process_photo", city.clock.now())
    )
    assert held is not None
    await refuse_photo(city, held, "PHOTO_NOT_AN_IMAGE")
    assert not await send(city, citizen, media_id, jpeg())
    await tell_photo_refused(city, held.owner_id)
    assert await city.database.inbox_messages.count_documents({"kind": "PHOTO_REFUSED"}) == 0


async def test_a_photo_that_comes_after_its_report_is_looked_at_too(city: City, people: People) -> None:
    media_id, inspector = str(uuid.uuid4()), people["inspector-1"]
    case_id = await report_with(city, inspector, media_id)
    await city.database.cases.update_one({"_id": case_id}, {"$set": {"work": []}})
    await send(city, inspector, media_id, jpeg())
    await process(city, media_id)
    assert await works_of(city, media_id) == ["look", "veil"]
    await see(city, media_id)
    case = await city.database.cases.find_one({"_id": case_id})
    assert case is not None
    assert {item["kind"] for item in case["work"]} <= {"escalate"}
    assert [row["model_version"] for row in case["detections"]] == ["m-1"]
    assert [row["media_id"] for row in case["evidence"]] == [uuid.UUID(media_id).hex], "and weighed"


async def test_copies_are_shown_only_to_those_who_may_see_the_case(city: City, people: People) -> None:
    media_id, inspector = str(uuid.uuid4()), people["inspector-1"]
    await send(city, inspector, media_id, jpeg())
    await report_with(city, inspector, media_id)
    with pytest.raises(CityProblem, match="PHOTO_NOT_READY"):
        await open_photo(city, inspector, media_id, "small")
    await process(city, media_id)
    for name in ("inspector-1", "inspector-2", "acceptor-1"):
        shown = await open_photo(city, people[name], media_id, "small")
        assert Image.open(io.BytesIO(shown.data)).size == (640, 480)
    for name in ("citizen-1", "inspector-far", "officer-other"):
        with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
            await open_photo(city, people[name], media_id, "small")


async def test_naming_a_foreign_photo_does_not_open_it(city: City, people: People) -> None:
    media_id = str(uuid.uuid4())
    await report_with(city, people["citizen-2"], media_id)  # named before its owner has sent it
    await send(city, people["inspector-1"], media_id, jpeg())
    await process(city, media_id)
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        await open_photo(city, people["citizen-2"], media_id, "small")
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        await report_with(city, people["citizen-1"], media_id)
