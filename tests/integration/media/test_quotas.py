"""One person can fill neither the city's store nor a process's memory, nor keep others from sending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.problems import CityProblem
from city_core.media.begin_upload import UploadPlan, begin_upload
from city_core.media.continue_upload import continue_upload
from city_core.media.end_upload import end_upload
from city_core.media.room import Room
from city_core.media.store import receive_photo
from city_core.people.roles import Actor
from tests.hand_clock import HandClock, beijing
from tests.integration.test_photos import jpeg
from tests.village import found_village

People = dict[str, Actor]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(beijing(2, 9))


@pytest.fixture
def town(city: City, clock: HandClock) -> City:
    settings = city.settings.model_copy(update={"most_open_uploads": 3, "most_photos_a_day": 3})
    return replace(city, clock=clock, settings=settings)


@pytest.fixture
async def people(town: City) -> People:
    return await found_village(town)


async def bytes_of(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def begin(town: City, actor: Actor, media_id: str, size_bytes: int = 1000) -> str:
    """Begin an upload and give the refusal, or nothing."""
    try:
        await begin_upload(town, actor, UploadPlan(media_id, size_bytes))
    except CityProblem as problem:
        return problem.code
    return ""


async def send(town: City, actor: Actor, media_id: str, data: bytes) -> str:
    try:
        await receive_photo(town, actor, media_id, bytes_of(data))
    except CityProblem as problem:
        return problem.code
    return ""


async def test_a_person_has_a_few_uploads_under_way_however_many_begin_at_once(
    town: City, people: People
) -> None:
    mine, other = people["citizen-1"], people["citizen-2"]
    answers = await asyncio.gather(*(begin(town, mine, new_id()) for _ in range(12)))
    assert set(answers) <= {"", "TOO_MANY_UPLOADS"} and answers.count("") <= 3
    assert await town.database.uploads.count_documents({"owner_id": mine.person_id}) <= 3
    assert await begin(town, other, new_id()) == ""


async def test_an_upload_that_ends_expires_or_becomes_a_photo_makes_room(
    town: City, people: People, clock: HandClock
) -> None:
    mine, data = people["citizen-1"], jpeg()
    ids = [new_id() for _ in range(3)]
    assert [await begin(town, mine, media_id, len(data)) for media_id in ids] == [""] * 3
    assert await begin(town, mine, new_id()) == "TOO_MANY_UPLOADS"
    assert await begin(town, mine, ids[0], len(data)) == ""  # asked again, it is the one that is open
    await end_upload(town, mine, ids[0])
    assert await begin(town, mine, new_id()) == ""
    await continue_upload(town, mine, ids[1], 0, bytes_of(data))
    assert await begin(town, mine, new_id()) == ""
    assert await begin(town, mine, new_id()) == "TOO_MANY_UPLOADS"
    clock.turn(days=8)
    assert await begin(town, mine, ids[2], len(data)) == ""


async def test_a_person_sends_so_many_photos_a_day_and_those_here_may_come_again(
    town: City, people: People, clock: HandClock
) -> None:
    mine, data = people["citizen-1"], jpeg()
    ids = [new_id() for _ in range(4)]
    sent = [await send(town, mine, media_id, data) for media_id in ids]
    assert sent == ["", "", "", "TOO_MANY_UPLOADS"]
    assert await begin(town, mine, ids[3]) == "TOO_MANY_UPLOADS"
    assert await send(town, mine, ids[0], data) == ""
    assert await send(town, people["citizen-2"], ids[3], data) == ""
    clock.turn(days=1)
    assert await send(town, mine, new_id(), data) == ""


def test_nobody_takes_the_whole_room(town: City) -> None:
    settings = town.settings.model_copy(update={"upload_memory_bytes": 400, "upload_limit_bytes": 50})
    room = Room()
    with room.guest(settings, "one") as first, room.guest(settings, "one") as second:
        first.take(80)
        with pytest.raises(CityProblem, match="BUSY"):
            second.take(21)
        second.take(20)
        with room.guest(settings, "another") as other:
            other.take(100)
        first.give_back(80)
        second.take(80)
    assert room.taken_bytes == 0 and not room.of_person


def test_the_largest_photo_has_room_in_a_small_process(town: City) -> None:
    settings = town.settings.model_copy(update={"upload_memory_bytes": 100, "upload_limit_bytes": 90})
    with Room().guest(settings, "one") as guest:
        guest.take(90)
