"""Photos of the first version name their files in full, with the store that they lie in (decision 0017)."""

from __future__ import annotations

from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.files import FOLDER_OF_FIELD, reference_in
from city_core.operation.migrations.step import Step, Told

_BATCH = 500


async def _run(city: City, told: Told) -> int:
    return await _go_through(city, told, write=True)


async def _left(city: City, told: Told) -> int:
    return await _go_through(city, told, write=False)


async def _go_through(city: City, told: Told, *, write: bool) -> int:
    photos = city.database.photos
    seen = changed = 0
    after: Any = None
    fields = {field: 1 for field in FOLDER_OF_FIELD}
    while True:
        query = {"_id": {"$gt": after}} if after is not None else {}
        rows: list[Row] = await photos.find(query, fields).sort("_id", 1).limit(_BATCH).to_list(_BATCH)
        for row in rows:
            old = {field: row[field] for field in FOLDER_OF_FIELD if _is_bare(row.get(field))}
            if old:
                changed += 1
            if old and write:
                named = {field: reference_in(row, field) for field in old}
                await photos.update_one({"_id": row["_id"], **old}, {"$set": named})
        seen += len(rows)
        await told(seen)
        if len(rows) < _BATCH:
            return changed
        after = rows[-1]["_id"]


def _is_bare(value: Any) -> bool:
    return value is not None and not isinstance(value, str)


NAME_STORES_OF_PHOTOS = Step(
    "0002_name_stores_of_photos",
    "Writes the store into the names of files of photos of the first version.",
    _run,
    _left,
)
