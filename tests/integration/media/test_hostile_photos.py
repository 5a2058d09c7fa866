"""What attackers send to a real worker: nothing kills it, hangs it or fills its memory, all has a verdict."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import tarfile
import time
from collections.abc import AsyncIterator, Iterator

import psutil
import pytest

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.files import read_file
from city_core.media.store import keep_photo
from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.conftest import REPOSITORY, settings_for
from tests.hostile_photos import bombs, damaged
from tests.integration.test_worker_process import worker_of

CORPUS = REPOSITORY / ".local" / "corpus"
LEAST_FILES = 500
_CRASHED = re.compile("crash|timeout|oom|overrun|bomb|fuzz")
LONGEST_VERDICT_SECONDS = 10.0
MOST_TREE_BYTES = 1536 * 1024 * 1024
FORBIDDEN = (
    b"<script",
    b"<svg",
    b"<html",
    b"<?php",
    b"%pdf",
    b"exif\0",
    b"ns.adobe",
    b"icc_profile",
)


def corpus() -> Iterator[tuple[str, bytes]]:
    """Give files on which Pillow tries its decoders: all that once crashed it, every other odd one."""
    found = sorted(CORPUS.glob("pillow-*.tar.gz"))
    assert found, "The corpus is not here: `make test` fetches it (or `make .local/corpus/pillow-….tar.gz`)."
    with tarfile.open(found[-1]) as packed:
        for turn, member in enumerate(packed):
            name = member.name.rpartition("/Tests/images/")[2]
            if member.isfile() and name != member.name and (turn % 2 or _CRASHED.search(name)):
                opened = packed.extractfile(member)
                assert opened is not None
                yield name, opened.read()


@pytest.fixture
async def woken(mongod: EmbeddedMongod, redis_server: EmbeddedRedis) -> AsyncIterator[City]:
    """A city whose wake-ups go over a real Redis."""
    settings = settings_for(
        mongod, redis_server.url, mongodb_database=f"test_{new_id()}", work_sweep_seconds=0.5
    )
    async with open_city(settings, app_name="test") as city:
        yield city
        await city.database.client.drop_database(city.database.name)


async def verdict_on(city: City, data: bytes) -> tuple[str, float, Row | None]:
    """Send a photo and wait for what becomes of it; answers its state or refusal, and the seconds."""
    photo_id, begun = new_id(), time.monotonic()
    try:
        await keep_photo(city, "citizen-1", photo_id, data)
    except CityProblem as problem:
        return problem.code, time.monotonic() - begun, None
    while True:
        row: Row | None = await city.database.photos.find_one({"_id": photo_id})
        assert row is not None and time.monotonic() - begun < 60, "hangs"
        if row["state"] != "RECEIVED":
            return row["refusal"] or row["state"], time.monotonic() - begun, row
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def watched(pid: int) -> AsyncIterator[dict[str, int]]:
    """Watch how much memory a process and all below it have, and how many photos are decoded at once."""
    most = {"bytes": 0, "processes": 0}

    async def look() -> None:
        root = psutil.Process(pid)
        while True:
            tree = [root, *root.children(recursive=True)]
            sizes = []
            for process in tree:
                with contextlib.suppress(psutil.NoSuchProcess):
                    sizes.append(process.memory_info().rss)
            most["bytes"] = max(most["bytes"], sum(sizes))
            most["processes"] = max(most["processes"], len(tree))
            await asyncio.sleep(0.02)

    watching = asyncio.create_task(look())
    try:
        yield most
    finally:
        watching.cancel()


async def test_no_file_kills_the_worker_or_hangs_it_and_what_is_served_is_bare(woken: City) -> None:
    made = {name: (data, fits) for name, (data, fits) in bombs().items()}
    files = [(name, data, set[str]()) for name, data in (*corpus(), *damaged(120))]
    costly = [(name, data, fits) for name, (data, fits) in made.items()]
    assert len(files) + len(costly) >= LEAST_FILES
    verdicts: dict[str, tuple[str, float]] = {}

    async def send(waiting: Iterator[tuple[str, bytes, set[str]]]) -> None:
        for name, data, fits in waiting:
            verdict, seconds, row = await verdict_on(woken, data)
            verdicts[name] = verdict, seconds
            assert seconds < LONGEST_VERDICT_SECONDS, (name, verdict, seconds)
            assert not fits or verdict in fits, (name, verdict)
            if verdict == "READY" and row is not None:
                await check_copies(woken, row)

    with worker_of(woken) as worker:
        assert (await verdict_on(woken, bytes(made["no end of Exif"][0])))[0] == "READY"  # it is at work
        async with watched(worker.pid) as most:
            both = iter(files)
            await asyncio.gather(send(both), send(both))
            await send(iter(costly))  # one by one: what is timed is a verdict, not the wait for another's
        assert worker.poll() is None
        tree = psutil.Process(worker.pid).children(recursive=True)
        worker.terminate()
        assert worker.wait(20) == 0
    psutil.wait_procs(tree, timeout=5)
    assert not [process for process in tree if process.is_running()], "orphans"
    slowest = max(verdicts, key=lambda name: verdicts[name][1])
    counts = {
        code: sum(1 for found, _ in verdicts.values() if found == code) for code, _ in verdicts.values()
    }
    print(f"{len(files)} files: {counts}; slowest {slowest}: {verdicts[slowest]}; at most {most}")
    assert most["bytes"] < MOST_TREE_BYTES
    assert most["processes"] <= 4  # the worker, the process that forks, two children


async def check_copies(city: City, row: Row) -> None:
    """Look into the bytes that the city would serve."""
    for field in ("large_file", "small_file"):
        copy = await read_file(city, row, field)
        lowered = copy.lower()
        assert copy.startswith(b"\xff\xd8\xff\xe0\0\x10JFIF\0") and copy.endswith(b"\xff\xd9")
        assert not any(sign in lowered for sign in FORBIDDEN), hashlib.sha256(copy).hexdigest()
