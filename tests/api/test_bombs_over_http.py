"""A bomb comes in over the API and goes to a real worker: the report stays, its owner is asked again."""

from __future__ import annotations

import uuid
from functools import partial

from tests.api.support import Api, new_uuid, photo_bytes
from tests.hostile_photos import PAGE, of_many_scans
from tests.integration.test_worker_process import worker_of
from tests.village import INSIDE
from tests.waiting import until

POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84"}


async def test_the_report_stays_the_phone_is_asked_again_and_the_next_photo_works(own_api: Api) -> None:
    api, database = own_api, own_api.city.database
    for bomb, refusal in (
        (of_many_scans(2_000), "PHOTO_TOO_COSTLY"),
        (photo_bytes() + PAGE, "PHOTO_DISGUISED"),
        (photo_bytes()[:700], "PHOTO_NOT_AN_IMAGE"),
    ):
        media_id = new_uuid()
        url, photo = f"/media/{media_id}", {"_id": uuid.UUID(media_id).hex}
        sent = await api.http.put(url, content=bomb, headers=await api.headers("citizen-1"))
        assert sent.status_code == 201
        given = {
            "clientId": new_uuid(), "deviceTime": "2026-11-20T08:00:00+08:00",
            "point": POINT, "description": "墙边有垃圾",
            "address": "柳泉路", "typeCode": "E0110", "mediaIds": [media_id],
        }  # fmt: skip
        case = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
        with worker_of(api.city) as worker:
            told = {"kind": "PHOTO_REFUSED", "case_id": case["id"], "person_id": "citizen-1"}
            await until(partial(database.inbox_messages.find_one, told), "the message about the photo")
            row = await database.photos.find_one(photo)
            assert row is not None and (row["state"], row["refusal"]) == ("REFUSED", refusal)
            better = await api.http.put(url, content=photo_bytes(), headers=await api.headers("citizen-1"))
            assert better.status_code == 201
            ready = {**photo, "state": "READY", "refusal": None}
            row = await until(partial(database.photos.find_one, ready), "the next photo")
            assert {"look", "veil"} <= {item["kind"] for item in row["work"]}
            assert row["capture"]["has_metadata"] is False
            assert worker.poll() is None
        assert await database.cases.find_one({"_id": case["id"]}) is not None
