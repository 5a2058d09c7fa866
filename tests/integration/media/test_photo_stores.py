"""Every store of photo bytes keeps the same promises: GridFS, obstore's stores, and S3 over HTTP."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from obstore.store import LocalStore, MemoryStore

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.media.serve import read_rendition
from city_core.media.store import keep_photo
from city_core.media.stores.gridfs import GridFsFiles
from city_core.media.stores.objects import ObjectFiles, open_s3
from city_core.media.stores.port import FileGone, PhotoFiles
from city_core.media.sweep_orphans import sweep_files
from city_core.notify.adapters.log import LogPushGateway
from city_core.settings import Settings
from city_workers.jobs import handlers_with
from tests.api.support import running
from tests.conftest import TOKEN_KEY
from tests.hand_clock import HandClock
from tests.integration.test_photos import jpeg
from tests.s3_server import S3Server
from tests.village import found_village

KEY = "photo_originals/0123456789abcdef0123456789abcdef-1"


def s3_settings(address: str, **more: object) -> dict[str, Any]:
    return {
        "media_store": "s3",
        "media_s3_bucket": "photos",
        "media_s3_endpoint": address,
        "media_s3_access_key_id": "key-1",
        "media_s3_secret_access_key": "secret-1",
        "environment": "development",
        "token_private_key": TOKEN_KEY,
        **more,
    }


@pytest.fixture
async def s3() -> AsyncIterator[tuple[S3Server, str]]:
    server = S3Server("photos", "key-1")
    async with running(server) as address:  # type: ignore[arg-type]
        yield server, address


@pytest.fixture(params=["gridfs", "folder", "memory", "s3"])
async def files(
    request: pytest.FixtureRequest, city: City, tmp_path: Path, s3: tuple[S3Server, str]
) -> PhotoFiles:
    stores: dict[str, PhotoFiles] = {
        "gridfs": GridFsFiles(city.database),
        "folder": ObjectFiles(LocalStore(tmp_path)),
        "memory": ObjectFiles(MemoryStore()),
        "s3": open_s3(Settings(**s3_settings(s3[1]))),
    }
    return stores[request.param]


@pytest.mark.parametrize("size_bytes", [1, 300_000, 7_000_000])
async def test_what_was_put_is_given_back(files: PhotoFiles, size_bytes: int) -> None:
    data = bytes(range(256)) * (size_bytes // 256) + b"x" * (size_bytes % 256)
    assert not await files.exists(KEY)
    await files.put(KEY, data)
    assert await files.exists(KEY)
    assert await files.get(KEY) == data


@pytest.mark.parametrize(
    ("start", "count"), [(0, 1), (0, 600_000), (261_119, 2), (599_999, 1), (1_000, 300_000)]
)
async def test_a_part_is_given_back_as_it_was_put(files: PhotoFiles, start: int, count: int) -> None:
    data = random.Random(1).randbytes(600_000)
    await files.put(KEY, data)
    assert await files.length(KEY) == len(data)
    assert await files.get_part(KEY, start, count) == data[start : start + count]


async def test_a_file_that_is_not_there_is_gone(files: PhotoFiles) -> None:
    with pytest.raises(FileGone):
        await files.get(KEY)
    with pytest.raises(FileGone):
        await files.get_part(KEY, 0, 1)
    with pytest.raises(FileGone):
        await files.length(KEY)
    assert not await files.exists(KEY)


async def test_taking_a_file_away_twice_is_as_good_as_once(files: PhotoFiles) -> None:
    other = KEY.replace("originals", "copies")
    await files.put(KEY, b"one")
    await files.put(other, b"two")
    await files.delete(KEY)
    await files.delete(KEY)
    assert not await files.exists(KEY)
    assert await files.get(other) == b"two"


async def test_a_wrong_key_and_a_broken_store_are_told_as_busy(s3: tuple[S3Server, str]) -> None:
    server, address = s3
    stranger = open_s3(Settings(**s3_settings(address, media_s3_access_key_id="key-2")))
    with pytest.raises(CityProblem, match="BUSY") as refused:
        await stranger.put(KEY, b"data")
    assert "secret-1" not in str(refused.value) and server.objects == {}
    server.broken = True
    with pytest.raises(CityProblem, match="BUSY"):
        await open_s3(Settings(**s3_settings(address))).get(KEY)


@pytest.mark.parametrize("given", [{"media_s3_bucket": None}, {"environment": "production"}])
def test_an_incomplete_or_open_store_is_no_setting(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="MEDIA_S") as refused:
        Settings(**s3_settings("http://127.0.0.1:9000", **given))
    assert "secret-1" not in str(refused.value)


def switched(city: City, address: str) -> Settings:
    return Settings(**{**city.settings.model_dump(), **s3_settings(address)})


async def test_photos_are_kept_in_s3_and_those_in_gridfs_stay_readable(
    city: City, s3: tuple[S3Server, str]
) -> None:
    server, address = s3
    await found_village(city)
    in_s3 = replace(city, settings=switched(city, address))
    before, after = new_id(), new_id()
    handlers = handlers_with(LogPushGateway())
    for where, photo_id in ((city, before), (in_s3, after)):
        row = await keep_photo(where, "citizen-1", photo_id, jpeg())
        assert row["original_file"].split(":")[0] == where.settings.media_store
        wake = Wake("process_photo", "photos", photo_id, "process_photo", city.clock.now())
        assert await perform(in_s3, handlers, wake)  # by a worker that was switched over already
    assert sorted(key.split("/")[0] for key in server.objects) == ["photo_copies"] * 4 + ["photo_originals"]
    for photo_id in (before, after):
        shown = await read_rendition(in_s3, {"_id": photo_id}, "small")
        assert shown.data.startswith(b"\xff\xd8\xff")
    assert await city.database.begun_files.count_documents({}) == 0


async def test_a_store_that_is_down_makes_photos_wait_and_leaves_nothing_half(
    city: City, s3: tuple[S3Server, str]
) -> None:
    server, address = s3
    in_s3 = replace(city, settings=switched(city, address))
    server.broken, photo_id = True, new_id()
    with pytest.raises(CityProblem, match="BUSY"):
        await keep_photo(in_s3, "citizen-1", photo_id, jpeg())
    assert await city.database.photos.count_documents({}) == 0
    server.broken = False
    assert not (await keep_photo(in_s3, "citizen-1", photo_id, jpeg()))["already_here"]
    clock = HandClock(city.clock.now() + timedelta(days=2))
    assert await sweep_files(replace(in_s3, clock=clock)) == 1
    assert len(server.objects) == 1 and await city.database.begun_files.count_documents({}) == 0


async def test_a_store_that_is_down_for_long_costs_no_photo(city: City, s3: tuple[S3Server, str]) -> None:
    server, address = s3
    await found_village(city)
    clock = HandClock(city.clock.now())
    in_s3 = replace(city, settings=switched(city, address), clock=clock)
    photo_id = new_id()
    await keep_photo(in_s3, "citizen-1", photo_id, jpeg())
    server.broken = True
    wake = Wake("process_photo", "photos", photo_id, "process_photo", city.clock.now())
    for _ in range(8):
        assert not await perform(in_s3, handlers_with(LogPushGateway()), wake)
        clock.turn(seconds=60)
    server.broken = False
    assert await perform(in_s3, handlers_with(LogPushGateway()), wake)
    photo = await city.database.photos.find_one({"_id": photo_id})
    assert photo is not None and (photo["state"], photo["refusal"]) == ("READY", None)
