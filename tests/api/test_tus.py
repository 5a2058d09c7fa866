"""Photos in pieces: tus 1.0.0 over real HTTP, every extension and every refusal."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from city_core.kit.ids import checked_client_id
from city_core.media.room import ROOM
from tests.api.support import Api, new_uuid, photo_bytes
from tests.api.tus_phone import TUS, checksum, metadata, phone_of


@pytest.fixture(autouse=True)
async def no_uploads_left(api: Api) -> None:
    for name in ("uploads", "upload_parts"):
        await api.city.database[name].delete_many({})


async def parts_kept(api: Api) -> int:
    return int(await api.city.database.upload_parts.count_documents({}))


async def test_the_server_says_what_it_can_do(api: Api) -> None:
    answer = await api.http.options("/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(api.city.settings.upload_limit_bytes)
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"
    extensions = {"creation", "creation-with-upload", "checksum", "expiration", "termination"}
    assert set(answer.headers["tus-extension"].split(",")) == extensions


async def test_a_photo_comes_in_pieces_and_is_a_photo_like_any_other(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    begun = await phone.begin(filename="坑.jpg")
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0")
    assert begun.headers["location"] == f"/uploads/{checked_client_id(phone.media_id)}"
    assert begun.headers["tus-resumable"] == "1.0.0" and begun.headers["upload-expires"].endswith("GMT")
    first = await phone.send(0, 1000)
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1000")
    seen = await phone.look()
    assert (seen.status_code, seen.headers["upload-offset"]) == (200, "1000")
    assert seen.headers["upload-length"] == str(len(phone.data))
    assert seen.headers["upload-metadata"] == metadata(mediaId=phone.media_id, filename="坑.jpg")
    assert seen.headers["cache-control"] == "no-store"
    assert (await phone.send(1000)).status_code == 204
    [photo] = await api.city.database.photos.find({}).to_list(None)
    assert photo["sha256"] == hashlib.sha256(phone.data).hexdigest()
    assert (photo["state"], photo["owner_id"]) == ("RECEIVED", "citizen-1")
    assert await parts_kept(api) == 0
    headers = await api.headers("citizen-1")
    again = await api.http.put(f"/media/{phone.media_id}", content=phone.data, headers=headers)
    assert again.status_code == 200


async def test_lost_answers_lead_to_the_same_upload(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin()
    await phone.send(0, 700)
    again = await phone.begin()
    assert (again.status_code, again.headers["upload-offset"]) == (201, "700")
    await phone.send(700)
    seen = await phone.look()  # the last answer was lost
    assert seen.headers["upload-offset"] == seen.headers["upload-length"] == str(len(phone.data))
    assert (await phone.begin()).headers["upload-offset"] == str(len(phone.data))
    assert (await phone.send(len(phone.data))).status_code == 204
    assert await api.city.database.photos.count_documents({}) == 1


async def test_a_photo_that_came_at_once_needs_no_pieces(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await api.http.put(f"/media/{phone.media_id}", content=phone.data, headers=phone.auth)
    assert (await phone.begin()).headers["upload-offset"] == str(len(phone.data))
    phone.media_id = new_uuid()  # the same picture twice is two photos
    assert (await phone.begin()).headers["upload-offset"] == "0"


async def test_the_first_bytes_may_come_with_the_beginning(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    headers = {
        **TUS,
        **phone.auth,
        "upload-length": str(len(phone.data)),
        "upload-metadata": metadata(mediaId=phone.media_id),
        "content-type": "application/offset+octet-stream",
        "upload-checksum": checksum(phone.data[:500]),
    }
    begun = await api.http.post("/uploads", headers=headers, content=phone.data[:500])
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "500")


async def test_a_phone_without_patch_says_it_with_post(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin()
    sent = await phone.send(0, 900, method="POST", x_http_method_override="PATCH")
    assert (sent.status_code, sent.headers["upload-offset"]) == (204, "900")
    ended = await phone.send(900, 900, method="POST", x_http_method_override="DELETE")
    assert ended.status_code == 204
    assert (await phone.look()).status_code == 404


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_bytes_with_a_wrong_checksum_are_not_kept(api: Api, algorithm: str) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin()
    wrong = await phone.send(0, 800, upload_checksum=checksum(b"other", algorithm))
    assert (wrong.status_code, wrong.json()["code"]) == (460, "CHECKSUM_WRONG")
    assert (await phone.look()).headers["upload-offset"] == "0" and await parts_kept(api) == 0
    right = await phone.send(0, 800, upload_checksum=checksum(phone.data[:800], algorithm))
    assert (right.status_code, right.headers["upload-offset"]) == (204, "800")
    odd = await phone.send(800, 900, upload_checksum="md5 AAAA")
    assert (odd.status_code, odd.json()["allowed"]) == (400, "sha1, sha256")


async def test_a_whole_photo_that_is_not_what_was_announced_begins_anew(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin(sha256=hashlib.sha256(photo_bytes("blue")).hexdigest())
    wrong = await phone.send(0)
    assert (wrong.status_code, wrong.json()["code"]) == (460, "CHECKSUM_WRONG")
    assert (await phone.look()).headers["upload-offset"] == "0"
    assert await api.city.database.photos.count_documents({}) == 0 and await parts_kept(api) == 0


async def test_what_is_no_photo_is_refused_again_and_again_until_it_is_sent_anew(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", "这不是照片".encode() * 50)
    await phone.begin()
    assert (await phone.send(0)).json()["code"] == "PHOTO_NOT_AN_IMAGE"
    assert (await phone.look()).status_code == 415
    phone.data = photo_bytes()
    assert (await phone.begin()).headers["upload-offset"] == "0"
    assert (await phone.send(0)).status_code == 204
    assert await api.city.database.photos.count_documents({"state": "RECEIVED"}) == 1


async def test_each_wrong_request_has_its_own_refusal(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    other = await phone_of(api, "citizen-2", photo_bytes())
    other.media_id = phone.media_id
    await phone.begin()
    await phone.send(0, 500)
    limit = api.city.settings.upload_limit_bytes
    url = phone.url
    answers = [
        (await phone.send(400, 600), 409, "UPLOAD_OFFSET_WRONG"),
        (await phone.send(500, 600, content_type="image/jpeg"), 415, "UPLOAD_TYPE_WRONG"),
        (await phone.send(500, 600, tus_resumable="0.2.2"), 412, "TUS_VERSION_WRONG"),
        (await phone.send(500, 600, upload_offset="-1"), 400, "REQUEST_INVALID"),
        (await phone.begin(length=len(phone.data) + 1), 409, "PHOTO_ID_TAKEN"),
        (await phone.begin(length=limit + 1), 413, "PHOTO_TOO_LARGE"),
        (await phone.begin(length=0), 400, "PHOTO_EMPTY"),
        (await phone.begin(sha256="no hash"), 400, "REQUEST_INVALID"),
        (await other.begin(), 409, "PHOTO_ID_TAKEN"),
        (await other.send(500, 600), 404, "UPLOAD_UNKNOWN"),
        (await api.http.patch(url, headers=TUS), 401, "SIGN_IN_REQUIRED"),
        (await api.http.get(url, headers=TUS), 405, "METHOD_UNKNOWN"),
        (await api.http.post("/uploads", headers={**TUS, **phone.auth}), 400, "CLIENT_ID_INVALID"),
    ]
    # the last of them has no length either, and that is what is looked at first
    told = [(answer.status_code, answer.json()["code"]) for answer, _, _ in answers[:-1]]
    assert told == [(status, code) for _, status, code in answers[:-1]]
    assert answers[-1][0].status_code == 400
    for answer, _, _ in answers:
        assert answer.headers["tus-resumable"] == "1.0.0"
        assert set(answer.json()) == {"code", "message", "field", "allowed", "retryable"}
        assert answer.json()["message"]["zh"] and answer.json()["message"]["en"]
    assert (await phone.look()).headers["upload-offset"] == "500"


async def test_more_bytes_than_announced_are_too_large(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin()
    length = len(phone.data)
    phone.data += b"more"
    assert (await phone.send(0)).status_code == 413
    assert (await phone.look()).headers["upload-offset"] == "0"
    assert (await phone.send(0, length)).status_code == 204


async def test_of_two_that_send_at_the_same_offset_one_wins(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin()
    answers = await asyncio.gather(*(phone.send(0, 800) for _ in range(8)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [204] + [409] * 7
    assert (await phone.look()).headers["upload-offset"] == "800"
    assert await parts_kept(api) == 1


async def test_two_that_finish_at_once_make_one_photo(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin()
    await phone.send(0, 900)
    answers = await asyncio.gather(phone.send(900), phone.send(900), phone.look(), phone.begin())
    assert all(answer.status_code in (204, 409, 200, 201, 503) for answer in answers)
    await phone.send_all()
    assert await api.city.database.photos.count_documents({}) == 1
    assert await api.city.database.begun_files.count_documents({}) == 0


async def test_an_upload_that_is_given_up_leaves_nothing(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", photo_bytes())
    await phone.begin()
    await phone.send(0, 800)
    assert (await api.http.delete(phone.url, headers={**TUS, **phone.auth})).status_code == 204
    assert (await phone.send(800)).json()["code"] == "UPLOAD_UNKNOWN"
    assert await parts_kept(api) == await api.city.database.uploads.count_documents({}) == 0


async def test_a_full_process_tells_phones_when_to_come_again(own_api: Api) -> None:
    ROOM.taken_bytes = own_api.city.settings.upload_memory_bytes
    try:
        phone = await phone_of(own_api, "citizen-1", photo_bytes())
        await phone.begin()
        for answer in (
            await phone.send(0),
            await own_api.http.put(f"/media/{new_uuid()}", content=phone.data, headers=phone.auth),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "BUSY")
            assert answer.headers["retry-after"] == "5"
    finally:
        ROOM.taken_bytes = 0
    assert (await phone.send(0)).status_code == 204
    assert ROOM.taken_bytes == 0
