"""Photos over HTTP: every way in which an upload goes right or wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import Response

from city_core.kit.ids import checked_client_id
from tests.api.support import Api, new_uuid, photo_bytes

_REFUSALS = [
    (b"", 400, "PHOTO_EMPTY"),
    ("这不是照片".encode() * 100, 415, "PHOTO_NOT_AN_IMAGE"),
    (b"\xff\xd8\xff" + b"\x00" * 200_000, 413, "PHOTO_TOO_LARGE"),
]


async def put(api: Api, who: str, media_id: str, content: bytes) -> Response:
    return await api.http.put(f"/media/{media_id}", content=content, headers=await api.headers(who))


async def files_kept(api: Api) -> int:
    return int(await api.city.database["photo_originals.files"].count_documents({}))


async def test_a_photo_is_taken_in_once_and_known_when_it_comes_again(api: Api) -> None:
    media_id, content = new_uuid(), photo_bytes()
    first = await put(api, "citizen-1", media_id, content)
    again = await put(api, "citizen-1", media_id, content)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["mediaId"] == checked_client_id(media_id)
    assert first.json()["sha256"] == again.json()["sha256"]
    assert await api.city.database.photos.count_documents({}) == 1


@pytest.mark.parametrize(("content", "status", "code"), _REFUSALS)
async def test_what_is_no_photo_is_refused_and_its_bytes_are_not_kept(
    api: Api, content: bytes, status: int, code: str
) -> None:
    before = await files_kept(api)
    answer = await put(api, "citizen-1", new_uuid(), content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "field", "allowed", "retryable"}
    assert await files_kept(api) == before


async def test_too_large_a_photo_without_a_length_is_refused_while_it_comes(api: Api) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"\xff" * 10_000

    answer = await api.http.put(
        f"/media/{new_uuid()}", content=pieces(), headers=await api.headers("citizen-1")
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "PHOTO_TOO_LARGE")


async def test_an_upload_that_breaks_off_leaves_nothing_and_can_be_sent_again(api: Api) -> None:
    before = await files_kept(api)
    media_id, content = new_uuid(), photo_bytes()
    token = (await api.headers("citizen-1"))["authorization"]
    host, port = api.address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"PUT /media/{media_id} HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n"
    writer.write(f"{head}content-length: {len(content)}\r\n\r\n".encode() + content[: len(content) // 2])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await put(api, "citizen-1", media_id, content)).status_code == 201
    [photo] = await api.city.database.photos.find({}).to_list(None)
    assert photo["size_bytes"] == len(content)
    assert await files_kept(api) == before + 1


async def test_a_photo_id_belongs_to_whoever_used_it_first_and_to_those_bytes(api: Api) -> None:
    media_id = new_uuid()
    await put(api, "citizen-1", media_id, photo_bytes())
    theirs = await put(api, "citizen-2", media_id, photo_bytes())
    others = await put(api, "citizen-1", media_id, photo_bytes("blue"))
    assert theirs.json()["code"] == others.json()["code"] == "PHOTO_ID_TAKEN"
    assert theirs.status_code == 409


async def test_without_a_sign_in_no_photo_comes_in(api: Api) -> None:
    answer = await api.http.put(f"/media/{new_uuid()}", content=photo_bytes())
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REQUIRED")
    assert (await put(api, "citizen-1", "17", photo_bytes())).json()["code"] == "CLIENT_ID_INVALID"
