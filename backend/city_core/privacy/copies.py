"""A copy of one person's data 个人信息副本: made by a worker, kept for seven days, for that person alone."""

from __future__ import annotations

import asyncio
import tempfile
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, BinaryIO

import orjson

from city_core.kit.city import City
from city_core.kit.mongo import NoFile, Row, photo_store
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from city_core.people.own import own_rows
from city_core.people.roles import Actor
from city_core.privacy.copies_kept import drop_copy, drop_file, expired_copies
from city_core.privacy.holder import Holder, holder_of
from city_core.privacy.in_photos import bytes_to_take
from city_core.privacy.model import FILES, REQUESTS, DataRequestState
from city_core.privacy.stores import STEPS

COPY_DAYS = 7
_PIECE = 1 << 18
_BATCH = 200
_SUFFIXES = ((b"\xff\xd8", "jpg"), (b"\x89PNG", "png"), (b"RIFF", "webp"))


async def make_copy(city: City, held: Claim) -> bool:
    """Write down what the city keeps of a person, with their photos; made again, it is the same file anew.

    The file is a ZIP: `data.json` by step of `stores.STEPS`, and `photos/`. No secret is in it, nor what is
    about others.
    """
    request = await city.database[REQUESTS].find_one({"_id": held.owner_id, **held.filter})
    if request is None or request["state"] != DataRequestState.WAITING:
        return False
    file_id = f"{held.owner_id}-{held.token}"
    holder = await holder_of(city, request["person_id"])
    # With a file of its own for each try, what a killed worker left is told from what counts.
    with tempfile.TemporaryFile() as file:
        counts = await _pack(city, holder, file)
        size = file.tell()
        file.seek(0)
        await photo_store(city.database, FILES).upload_from_stream_with_id(file_id, "my-data.zip", file)
    now = city.clock.now()
    ready = {
        "state": DataRequestState.READY.value, "ended_at": now, "counts": counts, "file_id": file_id,
        "file_bytes": size, "file_until": now + timedelta(days=COPY_DAYS),
    }  # fmt: skip
    same = {"_id": held.owner_id, "state": DataRequestState.WAITING.value, **held.filter}
    if not (await city.database[REQUESTS].update_one(same, {"$set": ready})).modified_count:
        await drop_file(city, file_id)
    return False


async def _pack(city: City, holder: Holder, file: BinaryIO) -> dict[str, int]:
    data = {step.name: list(await step.take(city, holder)) for step in STEPS}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2))
        async for photo_id, taken in bytes_to_take(city, holder):
            suffix = next((suffix for start, suffix in _SUFFIXES if taken.startswith(start)), "bin")
            await asyncio.to_thread(packed.writestr, f"photos/{photo_id}.{suffix}", taken, zipfile.ZIP_STORED)
    return {name: len(rows) for name, rows in data.items()}


async def open_copy(city: City, actor: Actor, request_id: str) -> AsyncIterator[bytes]:
    """Give the bytes of a copy to whoever it is about; for others there is none (DATA_REQUEST_UNKNOWN)."""
    query = {"_id": request_id, **own_rows(actor), "state": DataRequestState.READY.value}
    request = await city.database[REQUESTS].find_one(query, {"file_id": 1, "file_until": 1})
    if request is None or request["file_until"] <= city.clock.now():
        raise CityProblem("DATA_REQUEST_UNKNOWN", field="id")
    try:
        stream = await photo_store(city.database, FILES).open_download_stream(request["file_id"])
    except NoFile as error:
        raise CityProblem("DATA_REQUEST_UNKNOWN", field="id") from error
    return _pieces(stream)


async def _pieces(stream: Any) -> AsyncIterator[bytes]:
    while piece := await stream.read(_PIECE):
        yield piece


async def forget_copies(city: City) -> int:
    """Take away the copies whose time is over, and files that a killed worker left; answers how many."""
    over: list[Row] = await city.database[REQUESTS].find(expired_copies(city)).to_list(_BATCH)
    for request in over:
        await drop_copy(city, request)
    return len(over) + await _drop_strays(city)


async def count_copies(city: City) -> int:
    """Count the copies whose time is over."""
    return int(await city.database[REQUESTS].count_documents(expired_copies(city)))


async def _drop_strays(city: City) -> int:
    before = {"uploadDate": {"$lt": city.clock.now() - timedelta(days=COPY_DAYS)}}
    strays = 0
    async for file in city.database[f"{FILES}.files"].find(before, {"_id": 1}).limit(_BATCH):
        named = {"_id": file["_id"].partition("-")[0], "file_id": file["_id"]}
        if await city.database[REQUESTS].find_one(named, {"_id": 1}) is None:
            await drop_file(city, file["_id"])
            strays += 1
    return strays
