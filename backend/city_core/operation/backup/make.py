"""The whole city is copied into a folder, as it is at one instant.

Rows of all collections are read as of one cluster time. Files of photos are written once and never changed,
so they are copied after the rows, file by file, as long as that takes; rows of files tell which.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterable, Callable, Collection
from pathlib import Path
from typing import Any

from bson import decode, encode
from pymongo.errors import OperationFailure

from city_core.kit.city import City
from city_core.kit.mongo import Session
from city_core.media.files import read_reference, references_in
from city_core.media.stores.port import FileGone
from city_core.operation.backup.bson_files import SUFFIX, BsonFile, read_documents
from city_core.operation.backup.manifest import CopiedFile, Manifest, write_manifest
from city_core.operation.model import MIGRATION_LEASE, MIGRATIONS, RESTORES
from city_core.operation.refusals import OperationRefused
from city_core.people.keys import keyed_hash

Told = Callable[[str, int], None]
PHOTO_OBJECTS = "photo_objects"  # the one file that is no collection: photos of an object store
INCOMPLETE = ".incomplete"
_FILES, _CHUNKS = ".files", ".chunks"
_LEFT_OUT = frozenset({RESTORES})
_SNAPSHOT_GONE = frozenset({239, 246})  # SnapshotTooOld, SnapshotUnavailable
_BATCH_BYTES = 4 * 2**20
_FILES_AT_ONCE = 50
_TOO_SLOW = (
    "The copy took longer than MongoDB remembers ({seconds:.0f} s): let it remember for longer, by"
    " db.adminCommand({{setParameter: 1, minSnapshotHistoryWindowInSeconds: 3600}}) on every member."
)


async def make_backup(
    city: City, folder: Path, *, by: str, version: str, with_photos: bool = True, told: Told
) -> Manifest:
    """Copy everything into a new folder, which has its name only once it is whole; answers its manifest.

    `told` hears the name of what is copied and how many bytes were read. Raises OperationRefused.
    """
    part = _begin(folder)
    names = sorted(name for name in await city.database.list_collection_names() if _is_copied(name))
    if not names:
        raise OperationRefused(f"The database {city.settings.mongodb_database} is empty: nothing was copied.")
    buckets = [name.removesuffix(_FILES) for name in names if name.endswith(_FILES)]
    of_files = {f"{bucket}{_CHUNKS}" for bucket in buckets}
    rows = [name for name in names if name not in of_files]
    files, at = await _copy_rows(city, part, rows, told)
    gone = 0
    for bucket in buckets:
        listed = next(file for file in files if file.collection == f"{bucket}{_FILES}")
        files.remove(listed)
        copied, missing = await _copy_bucket(city, part, bucket, listed, told, with_files=with_photos)
        files += copied
        gone += missing
    if with_photos and "photos" in rows:
        copied, missing = await _copy_objects(city, part, told)
        files += copied
        gone += missing
    manifest = Manifest(
        city.clock.now().isoformat(), by, version, city.settings.mongodb_database, await _server(city), at,
        key_mark(city), await migrations_made(city), with_photos, gone, sorted(files, key=_by_name),
    )  # fmt: skip
    await asyncio.to_thread(_end, part, folder, manifest)
    return manifest


def key_mark(city: City) -> str:
    """Give a mark of the city's secret that tells nothing of it, but whether another one is the same."""
    return keyed_hash(city.settings, "backup", "key mark")[:16]


async def migrations_made(city: City) -> list[str]:
    """Name the migrations that were made in this city."""
    rows = city.database[MIGRATIONS].find({"_id": {"$ne": MIGRATION_LEASE}}, {"_id": 1}).sort("_id", 1)
    return [row["_id"] async for row in rows]


async def _server(city: City) -> str:
    return str((await city.database.client.server_info())["version"])


def _is_copied(name: str) -> bool:
    return not name.startswith("system.") and name not in _LEFT_OUT


def _by_name(file: CopiedFile) -> str:
    return file.name


def _begin(folder: Path) -> Path:
    """Make the folder that is written in; what a broken-off copy left there is taken away."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OperationRefused(f"{folder} is there already, and not empty: name a new folder.")
    part = folder.with_name(folder.name + INCOMPLETE)
    if part.exists():
        strange = [one.name for one in part.iterdir() if not one.name.endswith((SUFFIX, ".part", ".json"))]
        if strange:
            raise OperationRefused(f"{part} holds {strange[0]}, which is of no backup: take it away first.")
        shutil.rmtree(part)
    part.mkdir(parents=True, mode=0o700)
    return part


def _end(part: Path, folder: Path, manifest: Manifest) -> None:
    write_manifest(part, manifest)
    if folder.exists():
        folder.rmdir()
    part.rename(folder)
    for directory in (folder, folder.parent):
        opened = os.open(directory, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)


async def _copy_rows(
    city: City, part: Path, names: Collection[str], told: Told
) -> tuple[list[CopiedFile], int]:
    """Copy collections as they all were at one instant; answers that instant too, seconds of MongoDB."""
    began = asyncio.get_running_loop().time()
    files = []
    async with await city.database.client.start_session(snapshot=True) as session:
        for name in names:
            try:
                batches = city.database[name].find_raw_batches({}, session=session)
                files.append(await _write(part, name, batches, told))
            except OperationFailure as error:
                if error.code not in _SNAPSHOT_GONE:
                    raise
                seconds = asyncio.get_running_loop().time() - began
                raise OperationRefused(_TOO_SLOW.format(seconds=seconds)) from None
        return files, _seconds_of(session)


def _seconds_of(session: Session) -> int:
    """Tell the instant of a snapshot; the driver keeps it to itself."""
    instant: Any = getattr(session.delegate, "_snapshot_time", None) or session.operation_time
    return int(instant.time)


async def _write(part: Path, name: str, batches: AsyncIterable[bytes], told: Told) -> CopiedFile:
    with BsonFile(part, f"{name}{SUFFIX}", name) as file:
        async for batch in batches:
            await asyncio.to_thread(file.write, batch)
            told(name, len(batch))
        return await asyncio.to_thread(file.close)


async def _copy_bucket(
    city: City, part: Path, bucket: str, listed: CopiedFile, told: Told, *, with_files: bool
) -> tuple[list[CopiedFile], int]:
    """Copy files of GridFS that were there at the instant, without those that were taken away meanwhile."""
    spool = (part / listed.name).rename(part / f"{bucket}.list.part")
    gone = 0
    rows_name, chunks_name = f"{bucket}{_FILES}", f"{bucket}{_CHUNKS}"
    with (
        BsonFile(part, f"{rows_name}{SUFFIX}", rows_name) as rows,
        BsonFile(part, f"{chunks_name}{SUFFIX}", chunks_name, shrinks=False) as chunks,
    ):
        for batch in read_documents(spool, most_bytes=_BATCH_BYTES, most=_FILES_AT_ONCE):
            wanted = {decode(row)["_id"]: row for row in batch} if with_files else {}
            lengths = await _copy_chunks(city, chunks_name, list(wanted), chunks, told)
            whole = [row for id_, row in wanted.items() if lengths.get(id_, 0) == decode(row)["length"]]
            rows.write(b"".join(whole))
            gone += len(wanted) - len(whole)
        copied = [await asyncio.to_thread(rows.close), await asyncio.to_thread(chunks.close)]
    spool.unlink()
    return copied, gone


async def _copy_chunks(city: City, name: str, ids: list[Any], file: BsonFile, told: Told) -> dict[Any, int]:
    """Copy the pieces of some files; answers how many bytes each has."""
    lengths: dict[Any, int] = {}
    if not ids:
        return lengths
    waiting = bytearray()
    found = city.database[name].find({"files_id": {"$in": ids}}, batch_size=32)
    async for chunk in found.sort([("files_id", 1), ("n", 1)]):
        lengths[chunk["files_id"]] = lengths.get(chunk["files_id"], 0) + len(chunk["data"])
        waiting += encode(chunk)
        if len(waiting) >= _BATCH_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            told(name, len(waiting))
            waiting.clear()
    file.write(bytes(waiting))
    told(name, len(waiting))
    return lengths


async def _copy_objects(city: City, part: Path, told: Told) -> tuple[list[CopiedFile], int]:
    """Copy the photos that lie in an object store; none there, no file of them."""
    gone, any_there = 0, False
    photos = part / f"photos{SUFFIX}"
    with BsonFile(part, f"{PHOTO_OBJECTS}{SUFFIX}", PHOTO_OBJECTS, shrinks=False) as file:
        for batch in read_documents(photos, most_bytes=_BATCH_BYTES, most=1_000):
            for reference in (one for row in batch for one in references_in(decode(row))):
                if not reference.startswith("s3:"):
                    continue
                try:
                    data = await read_reference(city, reference)
                except FileGone:
                    gone += 1
                    continue
                any_there = True
                await asyncio.to_thread(file.write, encode({"_id": reference, "data": data}))
                told(PHOTO_OBJECTS, len(data))
        written = await asyncio.to_thread(file.close)
    if any_there:
        return [written], gone
    (part / written.name).unlink()
    return [], gone
