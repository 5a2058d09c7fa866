"""A 3 MB photo over a link that is cut every 200 KB arrives once with the right hash."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from city_api.app import create_app
from city_core.bootstrap import open_city
from city_core.kit.ids import checked_client_id, new_id
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.api.support import Api, new_uuid, running
from tests.api.tus_phone import TusPhone, large_photo
from tests.clients.node import run_script
from tests.conftest import settings_for
from tests.lossy_link import LossyLink
from tests.village import found_village

PHOTO_BYTES = 3_000_000
CUT_BYTES = 200_000


@pytest.fixture(scope="module")
async def api(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[Api]:
    settings = settings_for(mongod, redis_server.url, mongodb_database=f"test_{new_id()}")
    async with open_city(settings, app_name="test-tus") as city:
        people = await found_village(city)
        async with (
            running(create_app(city=city)) as address,
            httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as http,
        ):
            yield Api(city, people, address, http)
        await city.database.client.drop_database(city.database.name)


async def assert_arrived_once(api: Api, media_id: str, data: bytes) -> None:
    photo = await api.city.database.photos.find_one({"_id": checked_client_id(media_id)})
    assert photo is not None
    assert (photo["sha256"], photo["size_bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    files = api.city.database["photo_originals.files"]
    assert await files.count_documents({"filename": {"$regex": photo["_id"]}}) == 1
    assert await api.city.database.upload_parts.count_documents({"upload_id": photo["_id"]}) == 0
    assert await api.city.database.begun_files.count_documents({}) == 0


@pytest.mark.parametrize(
    ("how", "delay_seconds"),
    [({}, 0), ({"overridePatchMethod": True}, 0), ({"uploadDataDuringCreation": True}, 0.01)],
    ids=["patch", "post", "at-once"],
)
async def test_tus_js_client_resumes(
    api: Api, tmp_path: Path, how: dict[str, Any], delay_seconds: float
) -> None:
    data, media_id = large_photo(PHOTO_BYTES), new_uuid()
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    async with LossyLink(api.address, cut_after_bytes=CUT_BYTES, delay_seconds=delay_seconds) as link:
        headers = await api.headers("citizen-1")
        given = {"address": link.address, "file": str(file), "mediaId": media_id, "mostTries": 60, **how}
        said = await run_script("tus_resume", {**given, **headers})
        assert link.cuts >= PHOTO_BYTES // CUT_BYTES and said["errors"] >= 10
        # what is sent twice is what the link had in its hands when it broke: little
        assert link.bytes_sent < 1.3 * PHOTO_BYTES
    await assert_arrived_once(api, media_id, data)


async def test_our_own_phone_resumes_though_answers_are_lost_too(api: Api) -> None:
    async with LossyLink(api.address, cut_after_bytes=CUT_BYTES, drop_answers=6) as link:
        # a phone without keep-alive: each request has a connection, and its fate, of its own
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(
            base_url=link.address, timeout=10, limits=limits, trust_env=False
        ) as http:
            phone = TusPhone(http, await api.headers("citizen-1"), large_photo(PHOTO_BYTES))
            tries = await phone.send_all()
        assert link.dropped == 6 and link.cuts >= 14 and tries > 15
    await assert_arrived_once(api, phone.media_id, phone.data)


async def test_a_photo_at_once_over_a_link_that_swallows_answers_arrives_once(api: Api) -> None:
    data, media_id = large_photo(PHOTO_BYTES), new_uuid()
    headers = await api.headers("citizen-1")
    async with LossyLink(api.address, drop_answers=3) as link:
        for _ in range(10):
            try:
                async with httpx.AsyncClient(base_url=link.address, timeout=10, trust_env=False) as http:
                    answer = await http.put(f"/media/{media_id}", content=data, headers=headers)
                break
            except httpx.TransportError:
                continue
    assert (answer.status_code, link.dropped) == (200, 3)
    await assert_arrived_once(api, media_id, data)


async def test_many_phones_at_once(api: Api) -> None:
    async with (
        LossyLink(api.address, cut_after_bytes=CUT_BYTES) as link,
        httpx.AsyncClient(base_url=link.address, timeout=30, trust_env=False) as http,
    ):
        headers = await api.headers("citizen-1")
        phones = [TusPhone(http, headers, large_photo(600_000)) for _ in range(8)]
        await asyncio.gather(*(phone.send_all() for phone in phones))
    for phone in phones:
        await assert_arrived_once(api, phone.media_id, phone.data)


async def test_each_burst_of_a_link_that_breaks_at_once_brings_it_further(api: Api) -> None:
    data = large_photo(400_000)
    async with LossyLink(api.address, cut_after_bytes=40_000) as link:
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(
            base_url=link.address, timeout=10, limits=limits, trust_env=False
        ) as http:
            phone = TusPhone(http, await api.headers("citizen-1"), data)
            await phone.send_all()
        assert link.cuts >= 8  # how much of a burst is read depends on the moment; that it grows is the point
    await assert_arrived_once(api, phone.media_id, data)
