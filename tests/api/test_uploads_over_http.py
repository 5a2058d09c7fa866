"""The other ways in: one PUT with a token of its own, and a form with one file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import Response

from city_core.kit.ids import checked_client_id
from tests.api.support import Api, new_uuid, photo_bytes
from tests.api.tus_phone import TusPhone


async def allow(api: Api, who: str, media_id: str, data: bytes, **more: Any) -> Any:
    given = {"mediaId": media_id, "sizeBytes": len(data), **more}
    return await api.do(who, "citizen", "AllowUpload", input=given)


async def put_with(api: Api, token: str, media_id: str, data: bytes) -> Response:
    headers = {"authorization": f"Upload {token}"}
    return await api.http.put(f"/media/{media_id}", content=data, headers=headers)


async def test_a_phone_uploads_with_a_token_while_its_app_sleeps(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    allowed = await allow(api, "citizen-1", media_id, data, sha256=hashlib.sha256(data).hexdigest())
    assert allowed["uploadUrl"] == f"{api.city.settings.public_url}/media/{checked_client_id(media_id)}"
    assert not allowed["alreadyHere"]
    token = allowed["uploadToken"]
    assert (await put_with(api, token, media_id, data)).status_code == 201
    assert (await put_with(api, token, media_id, data)).status_code == 200
    [photo] = await api.city.database.photos.find({}).to_list(None)
    assert photo["owner_id"] == "citizen-1"
    again = await allow(api, "citizen-1", media_id, data)
    assert again["alreadyHere"]


async def test_being_allowed_is_a_command_that_can_be_repeated(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    carried = {"clientId": new_uuid(), "deviceTime": "2026-11-22T09:12:00+08:00", "baseVersion": 1}
    first = await allow(api, "citizen-1", media_id, data, **carried)
    again = await allow(api, "citizen-1", media_id, data, **carried)
    assert (await put_with(api, first["uploadToken"], media_id, data)).status_code == 201
    assert (await put_with(api, again["uploadToken"], media_id, data)).status_code == 200
    other = await allow(api, "citizen-1", new_uuid(), data, **carried)
    assert (other["code"], other["retryable"]) == ("COMMAND_REUSED", False)
    [logged] = await api.city.database.command_log.find({}).to_list(None)
    assert (logged["name"], logged["outcome"]["status"]) == ("allow_upload", "APPLIED")
    assert first["uploadToken"] not in str(logged)


async def test_a_token_is_good_for_nothing_else(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    token = (await allow(api, "citizen-1", media_id, data, sha256=hashlib.sha256(data).hexdigest()))[
        "uploadToken"
    ]
    other_photo = await put_with(api, token, new_uuid(), data)
    other_size = await put_with(api, token, media_id, data + b"x")
    made_up = await put_with(api, f"{token[:-4]}AAAA", media_id, data)
    told = [(answer.status_code, answer.json()["code"]) for answer in (other_photo, other_size, made_up)]
    assert told == [(401, "UPLOAD_TOKEN_INVALID")] * 3
    other_bytes = await put_with(api, token, media_id, data[:-1] + b"x")
    assert (other_bytes.status_code, other_bytes.json()["code"]) == (460, "CHECKSUM_WRONG")
    for scheme in ("Bearer", "Upload"):
        headers = {"authorization": f"{scheme} {token}"}
        assert (await api.http.get(f"/media/{media_id}", headers=headers)).status_code == 401
        answer = await api.http.post("/graphql", json={"query": "{ me { id } }"}, headers=headers)
        assert answer.json()["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"
    access = (await api.headers("citizen-1"))["authorization"].removeprefix("Bearer ")
    assert (await put_with(api, access, media_id, data)).json()["code"] == "UPLOAD_TOKEN_INVALID"
    assert await api.city.database.photos.count_documents({}) == 0


async def test_a_token_that_names_its_bytes_lets_no_others_in_on_any_way(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    other = data[:-1] + b"x"
    digest = hashlib.sha256(other).hexdigest()
    allowed = await allow(api, "citizen-1", media_id, data, sha256=hashlib.sha256(data).hexdigest())
    auth = {"authorization": f"Upload {allowed['uploadToken']}"}
    put = await api.http.put(f"/media/{media_id}", content=other, headers={**auth, "content-sha256": digest})
    assert (put.status_code, put.json()["code"]) == (401, "UPLOAD_TOKEN_INVALID")
    phone = TusPhone(api.http, auth, other, media_id)
    assert (await phone.begin(sha256=digest)).json()["code"] == "UPLOAD_TOKEN_INVALID"
    assert (await phone.begin()).status_code == 201
    assert (await phone.send(0)).json()["code"] == "CHECKSUM_WRONG"
    assert await api.city.database.photos.count_documents({}) == 0


async def test_a_token_that_names_a_size_lets_no_other_in_though_the_request_names_none(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    allowed = await allow(api, "citizen-1", media_id, data)
    auth = {"authorization": f"Upload {allowed['uploadToken']}"}

    async def longer() -> AsyncIterator[bytes]:
        yield data + b"x"

    put = await api.http.put(f"/media/{media_id}", content=longer(), headers=auth)
    form = await api.http.post(f"/media/{media_id}", files={"file": data + b"x"}, headers=auth)
    assert [put.status_code, form.status_code] == [400, 400]
    assert await api.city.database.photos.count_documents({}) == 0
    assert (await api.http.post(f"/media/{media_id}", files={"file": data}, headers=auth)).status_code == 201


async def test_a_token_ends_when_its_person_is_disabled(own_api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    token = (await allow(own_api, "citizen-1", media_id, data))["uploadToken"]
    await own_api.city.database.people.update_one({"_id": "citizen-1"}, {"$set": {"disabled": True}})
    assert (await put_with(own_api, token, media_id, data)).json()["code"] == "UPLOAD_TOKEN_INVALID"


async def test_pieces_come_in_with_a_token_too(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    token = (await allow(api, "citizen-1", media_id, data))["uploadToken"]
    phone = TusPhone(api.http, {"authorization": f"Upload {token}"}, data, media_id)
    assert (await phone.begin()).status_code == 201
    assert await phone.send_all() == 2
    stranger = TusPhone(api.http, phone.auth, data)
    assert (await stranger.begin()).json()["code"] == "UPLOAD_TOKEN_INVALID"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"sizeBytes": 0}, "PHOTO_EMPTY"),
        ({"sizeBytes": 200_001}, "PHOTO_TOO_LARGE"),
        ({"sha256": "12"}, "REQUEST_INVALID"),
        ({"mediaId": "17"}, "CLIENT_ID_INVALID"),
    ],
)
async def test_no_token_for_what_would_be_refused(api: Api, more: dict[str, Any], code: str) -> None:
    assert (await allow(api, "citizen-1", new_uuid(), b"xx", **more))["code"] == code


async def test_no_token_for_somebody_elses_photo(api: Api) -> None:
    media_id = new_uuid()
    await api.http.put(f"/media/{media_id}", content=photo_bytes(), headers=await api.headers("citizen-2"))
    assert (await allow(api, "citizen-1", media_id, photo_bytes()))["code"] == "PHOTO_ID_TAKEN"


async def test_a_photo_is_compared_with_the_hash_that_it_was_announced_with(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    signed_in = await api.headers("citizen-1")
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    for header, wrong, right in (
        ("content-sha256", "0" * 64, hashlib.sha256(data).hexdigest().upper()),
        ("content-digest", f"sha-256=:{'A' * 43}=:", f"sha-256=:{digest}:"),
    ):
        bad = await api.http.put(f"/media/{media_id}", content=data, headers={**signed_in, header: wrong})
        assert (bad.status_code, bad.json()["code"], bad.json()["retryable"]) == (460, "CHECKSUM_WRONG", True)
        good = await api.http.put(f"/media/{media_id}", content=data, headers={**signed_in, header: right})
        assert good.status_code in (200, 201)
    odd = await api.http.put(f"/media/{media_id}", content=data, headers={**signed_in, "content-sha256": "?"})
    assert (odd.status_code, odd.json()["field"]) == (400, "Content-SHA256")


async def test_a_form_with_one_file_is_a_photo(api: Api) -> None:
    media_id, data = new_uuid(), photo_bytes()
    signed_in = await api.headers("citizen-1")
    form: dict[str, Any] = {"data": {"note": "坑"}, "files": {"file": ("坑.jpg", data, "image/jpeg")}}
    first = await api.http.post(f"/media/{media_id}", headers=signed_in, **form)
    again = await api.http.post(f"/media/{media_id}", headers=signed_in, **form)
    put = await api.http.put(f"/media/{media_id}", headers=signed_in, content=data)
    assert (first.status_code, again.status_code, put.status_code) == (201, 200, 200)
    assert first.json()["sha256"] == hashlib.sha256(data).hexdigest()


async def endless(most_bytes: int = 2_000_000) -> AsyncIterator[bytes]:
    """A form whose field before the file does not end, and that does not say how long it is."""
    yield b'--x\r\ncontent-disposition: form-data; name="note"\r\n\r\n'
    for _ in range(0, most_bytes, 20_000):
        yield b"a" * 20_000


async def test_each_odd_form_has_its_own_refusal(api: Api) -> None:
    signed_in = await api.headers("citizen-1")
    url = f"/media/{new_uuid()}"
    one = ("file", ("a.jpg", photo_bytes(), "image/jpeg"))
    large = ("file", ("a.jpg", b"\xff" * 200_001, "image/jpeg"))
    broken = {**signed_in, "content-type": "multipart/form-data; boundary=x"}
    answers = [
        (await api.http.post(url, headers=signed_in, files=[one, one]), 400, "REQUEST_INVALID"),
        (await api.http.post(url, headers=signed_in, files=[("other", one[1])]), 400, "PHOTO_EMPTY"),
        (await api.http.post(url, headers=signed_in, files=[large]), 413, "PHOTO_TOO_LARGE"),
        (await api.http.post(url, headers=signed_in, content=photo_bytes()), 400, "REQUEST_INVALID"),
        (await api.http.post(url, headers=broken, content=b"--x\r\nno form"), 400, "REQUEST_INVALID"),
        (await api.http.post(url, files=[one]), 401, "SIGN_IN_REQUIRED"),
    ]
    answers.append((await api.http.post(url, headers=broken, content=endless()), 413, "PHOTO_TOO_LARGE"))
    for answer, status, code in answers:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await api.city.database.photos.count_documents({}) == 0
