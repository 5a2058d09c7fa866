"""A backup is brought back into an empty database: hashes first, rows and photos, indexes, counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from beanie import Document, init_beanie
from bson import decode
from bson.raw_bson import RawBSONDocument

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, quickly
from city_core.media.files import put_back
from city_core.operation.backup.bson_files import DamagedFile, read_documents
from city_core.operation.backup.make import PHOTO_OBJECTS, key_mark
from city_core.operation.backup.manifest import CopiedFile, Manifest
from city_core.operation.backup.verify import faults_of
from city_core.operation.model import RESTORE, RESTORES
from city_core.operation.refusals import OperationRefused

Told = Callable[[str, int], None]
_BATCH_BYTES = 4 * 2**20
_BATCH = 2_000
_AT_ONCE = 3


async def check_before_restore(
    city: City,
    folder: Path,
    manifest: Manifest,
    known_migrations: Sequence[str],
    *,
    replace: bool,
    told: Told,
) -> list[str]:
    """Refuse what cannot be restored whole; answers warnings. Nothing was written so far."""
    faults = await asyncio.to_thread(lambda: list(faults_of(folder, manifest, told)))
    if faults:
        raise OperationRefused("The backup is damaged: " + " ".join(faults[:10]))
    newer = [name for name in manifest.migrations if name not in known_migrations]
    if newer:
        raise OperationRefused(
            f"The backup is of a newer version ({manifest.version}): this one does not know {newer[0]}."
        )
    needs_store = any(file.collection == PHOTO_OBJECTS for file in manifest.files)
    if needs_store and not city.settings.media_s3_bucket:
        raise OperationRefused("The backup has photos of an object store: set MEDIA_S3_BUCKET and its keys.")
    if not replace:
        await _check_empty(city)
    warnings = []
    if manifest.key_mark != key_mark(city):
        warnings.append(
            "TOKEN_PRIVATE_KEY is another one than when this was copied: nobody stays signed in, and codes,"
            " links and machine keys of before are worth nothing."
        )
    if not manifest.with_photos:
        warnings.append("The backup was made without photos: bring them back by other means.")
    return warnings


async def _check_empty(city: City) -> None:
    for name in await city.database.list_collection_names():
        if name.startswith("system."):
            continue
        if name == RESTORES and await city.database[name].find_one({}) is not None:
            raise OperationRefused(
                "A restore into this database is under way or broke off: ask for --replace to begin it anew."
            )
        if await city.database[name].find_one({}, {"_id": 1}) is not None:
            raise OperationRefused(
                f"The database {city.settings.mongodb_database} is not empty ({name} has rows): name another"
                " one by MONGODB_DATABASE, or ask for --replace."
            )


async def restore_backup(
    city: City,
    folder: Path,
    manifest: Manifest,
    shapes: Sequence[type[Document]],
    *,
    by: str,
    replace: bool,
    told: Told,
) -> None:
    """Bring a checked backup back; raises OperationRefused where what came in is not what went out.

    While it runs, and after it broke off, a row says so: the doctor tells it, and `--replace` begins anew.
    Phones are asked to fetch anew what they keep, as some of them saw more than was copied.
    """
    if replace:
        await _take_everything_out(city)
    await _mark(city, folder, by)
    for file in manifest.files:
        await _bring_in(city, folder, file, told)
    for file in manifest.files:
        await _check_count(city, file)
    await city.database.sync_feed.update_many(
        {}, {"$set": {"token": None, "is_complete": False, "scheme": 0}}
    )
    await init_beanie(database=city.database, document_models=list(shapes))
    await city.database[RESTORES].delete_one({"_id": RESTORE})


async def _take_everything_out(city: City) -> None:
    for name in await city.database.list_collection_names():
        if not name.startswith("system."):
            await city.database.drop_collection(name)


async def _mark(city: City, folder: Path, by: str) -> None:
    row = {"_id": RESTORE, "backup": folder.name, "by": by, "begun_at": city.clock.now()}
    try:
        await city.database[RESTORES].insert_one(row)
    except DuplicateKeyError:
        raise OperationRefused("Another restore into this database has just begun.") from None


async def _bring_in(city: City, folder: Path, file: CopiedFile, told: Told) -> None:
    batches = read_documents(folder / file.name, most_bytes=_BATCH_BYTES, most=_BATCH)
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(batch: list[bytes]) -> None:
        try:
            if file.collection == PHOTO_OBJECTS:
                await _put_objects(city, batch)
            else:
                rows = quickly(city.database[file.collection])
                await rows.insert_many([RawBSONDocument(row) for row in batch], ordered=False)
            told(file.collection, sum(len(row) for row in batch))
        finally:
            places.release()

    try:
        async with asyncio.TaskGroup() as group:
            while True:
                await places.acquire()
                batch = await asyncio.to_thread(_next, batches)
                if batch is None:
                    break
                group.create_task(one(batch))
    except ExceptionGroup as several:
        first = several.exceptions[0]
        if isinstance(first, DamagedFile):
            raise OperationRefused(f"{file.name} cannot be read to its end.") from None
        raise first from None


def _next(batches: Iterator[list[bytes]]) -> list[bytes] | None:
    return next(batches, None)


async def _put_objects(city: City, batch: list[bytes]) -> None:
    for row in batch:
        photo = decode(row)
        await put_back(city, photo["_id"], photo["data"])


async def _check_count(city: City, file: CopiedFile) -> None:
    if file.collection == PHOTO_OBJECTS:
        return
    count = await city.database[file.collection].count_documents({})
    if count != file.documents:
        raise OperationRefused(
            f"{file.collection} has {count:,} rows, the backup {file.documents:,}: the restore is not whole."
            " Is another process at work in this database?"
        )
