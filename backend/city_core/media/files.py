"""Files of photos, under references that say in which store they lie.

A file and the row that names it cannot be written at once. So each file is put on a list (`begun_files`)
before it is written or taken away, and off it once the photo's row says the same; a sweep settles what a
killed process left on the list. No search through a whole store is ever needed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.media.stores.gridfs import GridFsFiles
from city_core.media.stores.objects import open_s3
from city_core.media.stores.port import PhotoFiles

BEGUN = "begun_files"
ORIGINALS, COPIES = "photo_originals", "photo_copies"
FOLDER_OF_FIELD = {
    "original_file": ORIGINALS,
    "large_file": COPIES,
    "small_file": COPIES,
    "public_file": COPIES,
}


async def write_file(city: City, folder: str, photo_id: str, data: bytes) -> str:
    """Keep bytes in the store of the settings; answers the reference, which is to be settled or dropped."""
    reference = f"{city.settings.media_store}:{folder}/{photo_id}-{new_id()}"
    await _begin(city, photo_id, reference)
    await _store_of(city, reference).put(_key_of(reference), data)
    return reference


async def read_file(city: City, photo: Row, field: str) -> bytes:
    """Give the bytes that a field of a photo names, in whichever store they lie; raises FileGone."""
    return await read_reference(city, reference_in(photo, field))


async def read_reference(city: City, reference: str) -> bytes:
    """Give the bytes of a file; raises FileGone."""
    return await _store_of(city, reference).get(_key_of(reference))


async def read_part(city: City, reference: str, start: int, count: int) -> bytes:
    """Give `count` bytes of a file from `start` on; raises FileGone."""
    return await _store_of(city, reference).get_part(_key_of(reference), start, count)


async def file_length(city: City, reference: str) -> int:
    """Tell how many bytes a file has; raises FileGone."""
    return await _store_of(city, reference).length(_key_of(reference))


async def put_back(city: City, reference: str, data: bytes) -> None:
    """Put the bytes of a file back where it lay, for a restore; one that is still there is left as it is."""
    store, key = _store_of(city, reference), _key_of(reference)
    if not await store.exists(key):
        await store.put(key, data)


async def settle_files(city: City, references: Iterable[str]) -> None:
    """Take files off the list: their photo names them now."""
    await city.database[BEGUN].delete_many({"_id": {"$in": list(references)}})


async def drop_files(city: City, references: Iterable[str]) -> None:
    """Take files away that no photo names, then off the list."""
    gone = list(references)
    for reference in gone:
        await _store_of(city, reference).delete(_key_of(reference))
    await settle_files(city, gone)


async def begin_dropping(city: City, photo: Row) -> list[str]:
    """Put the files of a photo that is about to go on the list; answers their references."""
    references = references_in(photo)
    for reference in references:
        await _begin(city, photo["_id"], reference)
    return references


def references_in(photo: Row) -> list[str]:
    """Name the files of a photo."""
    return [reference_in(photo, field) for field in FOLDER_OF_FIELD if photo.get(field) is not None]


def reference_in(photo: Row, field: str) -> str:
    """Read a reference; photos of the first version hold the bare id of a GridFS file."""
    value: Any = photo[field]
    return value if isinstance(value, str) else f"gridfs:{FOLDER_OF_FIELD[field]}/{value}"


async def _begin(city: City, photo_id: str, reference: str) -> None:
    row = {"photo_id": photo_id, "begun_at": city.clock.now()}
    with contextlib.suppress(DuplicateKeyError):  # another process has just put it there
        await city.database[BEGUN].update_one({"_id": reference}, {"$set": row}, upsert=True)


def _store_of(city: City, reference: str) -> PhotoFiles:
    return open_s3(city.settings) if reference.startswith("s3:") else GridFsFiles(city.database)


def _key_of(reference: str) -> str:
    return reference.split(":", 1)[1]
