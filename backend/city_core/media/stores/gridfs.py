"""Photo bytes in MongoDB itself: a folder is a GridFS bucket, a name the id of the file in it."""

from __future__ import annotations

import contextlib
from typing import Any

from city_core.kit.mongo import Database, NoFile, ObjectId, Row, photo_store
from city_core.media.stores.port import FileGone


class GridFsFiles:
    """Keeps photo bytes in GridFS; works on every machine that has MongoDB."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, key: str, data: bytes) -> None:
        folder, name = key.split("/", 1)
        await photo_store(self._database, folder).upload_from_stream_with_id(name, name, data)

    async def get(self, key: str) -> bytes:
        try:
            data: bytes = await (await self._opened(key)).read()
        except NoFile as error:
            raise FileGone(key) from error
        return data

    async def get_part(self, key: str, start: int, count: int) -> bytes:
        try:
            stream = await self._opened(key)
            stream.seek(start)
            data: bytes = await stream.read(count)
        except NoFile as error:
            raise FileGone(key) from error
        return data

    async def length(self, key: str) -> int:
        row = await self._described(key)
        if row is None:
            raise FileGone(key)
        return int(row["length"])

    async def exists(self, key: str) -> bool:
        return await self._described(key) is not None

    async def delete(self, key: str) -> None:
        folder, name = key.split("/", 1)
        with contextlib.suppress(NoFile):
            await photo_store(self._database, folder).delete(_id_of(name))

    async def _opened(self, key: str) -> Any:
        folder, name = key.split("/", 1)
        return await photo_store(self._database, folder).open_download_stream(_id_of(name))

    async def _described(self, key: str) -> Row | None:
        folder, name = key.split("/", 1)
        found: Row | None = await self._database[f"{folder}.files"].find_one(
            {"_id": _id_of(name)}, {"length": 1}
        )
        return found


def _id_of(name: str) -> Any:
    """Files of the first version have ids that MongoDB made; no name of ours looks like one."""
    return ObjectId(name) if ObjectId.is_valid(name) else name
