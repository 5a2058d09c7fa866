"""Photos in pieces over links that break, fall silent or belong to somebody else: real HTTP, real sockets."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from tests.api.support import Api
from tests.api.tus_phone import TusPhone, large_photo, phone_of


@pytest.fixture(autouse=True)
async def no_uploads_left(api: Api) -> None:
    for name in ("uploads", "upload_parts"):
        await api.city.database[name].delete_many({})


async def begin_to_send(api: Api, phone: TusPhone, size_bytes: int) -> asyncio.StreamWriter:
    """Let a phone send the first bytes of its photo, and no more."""
    host, port = api.address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"PATCH {phone.url} HTTP/1.1\r\nhost: x\r\nauthorization: {phone.auth['authorization']}\r\n"
        "tus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n"
        f"content-length: {len(phone.data)}\r\n\r\n"
    )
    writer.write(head.encode() + phone.data[:size_bytes])
    await writer.drain()
    return writer


async def assert_comes_to(phone: TusPhone, size_bytes: int) -> None:
    async with asyncio.timeout(10):
        while (await phone.look()).headers["upload-offset"] != str(size_bytes):
            pass
    assert (await phone.send(size_bytes)).status_code == 204


async def test_what_came_before_a_cut_is_kept_to_the_last_byte(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", large_photo(150_000))
    await phone.begin()
    writer = await begin_to_send(api, phone, 123_457)
    writer.close()
    await writer.wait_closed()
    await assert_comes_to(phone, 123_457)
    [photo] = await api.city.database.photos.find({}).to_list(None)
    assert photo["sha256"] == hashlib.sha256(phone.data).hexdigest()


async def test_what_came_over_a_link_that_fell_silent_is_kept_when_the_phone_asks_anew(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", large_photo(150_000))
    await phone.begin()
    writer = await begin_to_send(api, phone, 54_321)  # nobody has told the server that this link is gone
    await assert_comes_to(phone, 54_321)
    writer.close()
    [photo] = await api.city.database.photos.find({}).to_list(None)
    assert photo["sha256"] == hashlib.sha256(phone.data).hexdigest()


async def test_nobody_ends_what_others_send(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", large_photo(150_000))
    await phone.begin()
    writer = await begin_to_send(api, phone, 1_000)
    stranger = TusPhone(api.http, await api.headers("citizen-2"), phone.data, phone.media_id)
    for _ in range(5):
        assert (await stranger.look()).status_code == 404
        assert (await stranger.begin()).json()["code"] == "PHOTO_ID_TAKEN"
    writer.write(phone.data[1_000:])
    await writer.drain()
    async with asyncio.timeout(10):
        while (await api.city.database.photos.count_documents({})) != 1:
            pass
    writer.close()


async def test_a_link_that_breaks_often_leaves_few_parts(api: Api) -> None:
    phone = await phone_of(api, "citizen-1", large_photo(150_000))
    await phone.begin()
    for offset in range(0, 100_000, 2_000):
        assert (await phone.send(offset, offset + 2_000)).status_code == 204
    assert await api.city.database.upload_parts.count_documents({}) <= 3
    await phone.send(100_000)
    [photo] = await api.city.database.photos.find({}).to_list(None)
    assert photo["sha256"] == hashlib.sha256(phone.data).hexdigest()
