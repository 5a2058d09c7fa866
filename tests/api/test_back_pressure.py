"""Lines that are too long: whoever can wait is told when to come again; reports and staff never wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.media.photo_lines import is_line_long
from city_core.places.registries.model import IMPORTS
from tests.api.support import Api, another_api, new_uuid, operation, photo_bytes
from tests.api.tus_phone import phone_of
from tests.village import INSIDE
from tests.waiting import until

MOST_PHOTOS = 3
FILE = "ObjID,DeptCode1,ObjState,lng,lat,Note\n3703030102000001,water,完好,118.055,36.805,\n".encode()


@pytest.fixture
async def busy(api: Api) -> AsyncIterator[Api]:
    """The village served once more, by a process for which three photos and one file are a long line."""
    for name in ("uploads", IMPORTS):
        await api.city.database[name].delete_many({})
    async with another_api(api, photo_queue_limit=MOST_PHOTOS, import_queue_limit=1) as other:
        yield other


async def photos_wait(busy: Api, count: int, **fields: Any) -> None:
    """Have photos wait, as the rows of other people's phones."""
    due = busy.city.clock.now()
    row: Row = {"owner_id": "nobody", "origin": "PHONE", "state": "RECEIVED", "received_at": due, **fields}
    work = [{"kind": "process_photo", "due_at": due, "given_up": False}]
    rows = [{"work": work, **row, "_id": new_uuid()} for _ in range(count)]
    await busy.city.database.photos.insert_many(rows)


async def put(busy: Api, who: str, media_id: str) -> httpx.Response:
    headers = await busy.headers(who)
    return await busy.http.put(f"/media/{media_id}", content=photo_bytes(), headers=headers)


def asked_to_wait(answer: httpx.Response) -> bool:
    told = answer.json()
    assert (answer.status_code, told["code"], told["retryable"]) == (503, "BUSY", True)
    assert 15 <= int(answer.headers["retry-after"]) == told["retryAfterSeconds"] <= 45
    return True


async def test_photos_of_citizens_wait_while_the_line_is_long(busy: Api) -> None:
    begun, sent = await phone_of(busy, "citizen-1", photo_bytes()), new_uuid()
    assert (await begun.begin()).status_code == 201
    assert (await put(busy, "citizen-1", sent)).status_code == 201
    await photos_wait(busy, MOST_PHOTOS)

    async def is_noticed() -> bool:  # each process looks once a second
        return (await put(busy, "citizen-1", new_uuid())).status_code == 503

    await until(is_noticed, "that the line is long")
    late = new_uuid()
    assert asked_to_wait(await put(busy, "citizen-1", late))
    assert asked_to_wait(await (await phone_of(busy, "citizen-2", photo_bytes())).begin())
    assert (await put(busy, "citizen-1", sent)).status_code == 200, "what is here already waits for nothing"
    assert (await begun.send(0)).status_code == 204, "what was begun is finished"
    assert (await put(busy, "inspector-1", new_uuid())).status_code == 201
    point = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5}
    report = {
        "clientId": new_uuid(), "typeCode": "E0110", "conditionId": "E0110-1", "description": "垃圾",
        "point": point, "mediaIds": [late],
    }  # fmt: skip
    told = await busy.ask(operation("citizen", "SubmitReport"), {"input": report}, "citizen-1")
    assert told["data"]["submitReport"]["__typename"] == "Case", told

    await busy.city.database.photos.update_many({}, {"$set": {"work": []}})  # all are done

    async def is_taken() -> bool:
        return (await put(busy, "citizen-1", late)).status_code == 201

    await until(is_taken, "that the photo is taken")
    photo = await busy.city.database.photos.find_one({"_id": checked_client_id(late)})
    assert photo is not None and photo["owner_id"] == "citizen-1"


@pytest.mark.parametrize(
    ("count", "fields", "minutes", "is_long"),
    [
        (20, {"work": []}, 11, True),
        (19, {"work": []}, 11, False),
        (25, {"work": []}, 61, False),
        (25, {"work": [], "origin": "MACHINE"}, 11, False),
        (25, {"work": [{"kind": "look", "due_at": None, "given_up": True}], "state": "READY"}, 11, False),
    ],
    ids=["twenty late ones", "one less", "long ago", "frames of machines", "given up"],
)
async def test_a_line_is_long_too_when_many_are_late(
    busy: Api, count: int, fields: Row, minutes: int, is_long: bool
) -> None:
    received_at = busy.city.clock.now() - timedelta(minutes=minutes)
    await photos_wait(busy, count, received_at=received_at, **fields)
    assert await is_line_long(busy.city) is is_long


async def test_files_of_places_wait_their_turn_and_one_sent_again_does_not(busy: Api) -> None:
    headers = await busy.headers("administrator-1")

    async def send(client_id: str) -> httpx.Response:
        given = {"fileName": "c.csv", "clientId": client_id}
        address = "/registries/components/imports"
        return await busy.http.post(address, content=FILE, params=given, headers=headers)

    first, second = new_uuid(), new_uuid()
    assert (await send(first)).status_code == 202
    assert asked_to_wait(await send(second))
    assert (await send(first)).status_code == 202
    await busy.city.database[IMPORTS].update_many({}, {"$set": {"work": []}})
    assert (await send(second)).status_code == 202
    assert await busy.city.database[IMPORTS].count_documents({}) == 2
