"""An import is begun: the file is kept, and a worker is asked to bring it in; and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, get_args

from city_core.kit.city import City
from city_core.kit.geo import Datum
from city_core.kit.ids import new_id
from city_core.kit.marks import input_hash
from city_core.kit.mongo import DuplicateKeyError, Row, photo_store
from city_core.kit.pages import Page, checked_size, instant_of, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.kit.work import WorkItem, wakes_for
from city_core.places.registries.model import FILES, IMPORTS, ImportState
from city_core.places.registries.tables import POINTS, registry_named

KIND = "import_places"
_NOT_RETIRED = ("responsibility_grids",)
_LEFT_AFTER = timedelta(days=1)
_PIECE = 1 << 20


@dataclass(frozen=True)
class ImportAsked:
    """What somebody asks for with a file: the registry, its datum, the layer, and how it is to be done."""

    registry: str
    file_name: str = ""
    datum: str = "CGCS2000"
    layer: str | None = None
    dry_run: bool = False
    retire_missing: bool = False

    def checked(self) -> ImportAsked:
        """Accept a known registry and datum; only points lie in layers."""
        registry = registry_named(self.registry)
        if self.datum not in get_args(Datum):
            raise CityProblem("PLACE_INVALID", field="datum", allowed=", ".join(get_args(Datum)))
        if self.layer is not None and registry is not POINTS:
            raise CityProblem("REQUEST_INVALID", field="layer", allowed="only with the registry points")
        if self.retire_missing and self.registry in _NOT_RETIRED:
            raise CityProblem("REQUEST_INVALID", field="retireMissing", allowed="another registry")
        checked_text(self.file_name, field="fileName", most=200)
        return self


async def begin_import(
    city: City, by: str, import_id: str, asked: ImportAsked, file: AsyncIterator[bytes]
) -> Row:
    """Keep a file and have it brought in; the same client id again answers the import that there is."""
    asked.checked()
    file_id, sha256, length = await _keep(city, asked.file_name, file)
    mark = input_hash("import", {**asdict(asked), "sha256": sha256})
    now = city.clock.now()
    item = WorkItem(KIND, KIND, now)
    row = {
        "_id": import_id, **asdict(asked), "file_id": file_id, "file_sha256": sha256, "file_bytes": length,
        "state": ImportState.WAITING, "rows_done": 0, "rows_total": None, "new": 0, "changed": 0,
        "unchanged": 0, "refused": 0, "kept": 0, "retired": 0, "bad_rows": [], "passed_over": [], "scope": [],
        "failure": None, "by": by, "at": now, "began_at": None, "ended_at": None, "input_hash": mark,
        "work": [item.row()],
    }  # fmt: skip
    try:
        await city.database[IMPORTS].insert_one(row)
    except DuplicateKeyError:
        await photo_store(city.database, FILES).delete(file_id)
        return await _repeated(city, by, import_id, mark)
    for wake in wakes_for(IMPORTS, import_id, [item]):
        city.waker.wake(wake)
    return row


async def _keep(city: City, name: str, file: AsyncIterator[bytes]) -> tuple[Any, str, int]:
    store, file_id = photo_store(city.database, FILES), new_id()
    stream = store.open_upload_stream_with_id(file_id, name or "file", chunk_size_bytes=_PIECE)
    digest, length = hashlib.sha256(), 0
    try:
        async for piece in file:
            digest.update(piece)
            length += len(piece)
            await stream.write(piece)
        if not length:
            raise CityProblem("IMPORT_FILE_INVALID", field="body", allowed="GeoJSON, CSV, zip of Shapefiles")
    except BaseException:
        await stream.abort()
        raise
    await stream.close()
    return file_id, digest.hexdigest(), length


async def _repeated(city: City, by: str, import_id: str, mark: str) -> Row:
    there = await city.database[IMPORTS].find_one({"_id": import_id})
    if there is None or there["by"] != by or there["input_hash"] != mark:
        raise CityProblem("COMMAND_REUSED", field="clientId")
    return dict(there)


async def find_import(city: City, import_id: str) -> Row:
    """Find an import by its id."""
    found = await city.database[IMPORTS].find_one({"_id": import_id}, {"work": 0})
    if found is None:
        raise CityProblem("IMPORT_NOT_FOUND", field="id")
    return dict(found)


async def unfinished_import(city: City, by: str, asked: ImportAsked, sha256: str) -> str | None:
    """Name the import of the same file, asked for in the same way by the same person, that is still on."""
    mark = input_hash("import", {**asdict(asked), "sha256": sha256})
    going_on = {"$in": [ImportState.WAITING, ImportState.RUNNING]}
    query = {"by": by, "input_hash": mark, "state": going_on}
    found = await city.database[IMPORTS].find_one(query, {"_id": 1}, sort=[("_id", 1)])
    return str(found["_id"]) if found else None


async def imports(city: City, *, first: int, after: str | None) -> Page:
    """List the imports, the newest first, without their bad rows."""
    size = checked_size(first)
    query: Row = {}
    if after is not None:
        at, last = keys_of(after, 2)
        when = instant_of(at)
        query = {"$or": [{"at": {"$lt": when}}, {"at": when, "_id": {"$lt": last}}]}
    rows = city.database[IMPORTS].find(query, {"work": 0, "bad_rows": 0, "scope": 0})
    return page_of(await rows.sort([("at", -1), ("_id", -1)]).to_list(size + 1), size, "at", "_id")


async def sweep_import_files(city: City) -> int:
    """Take away the files of imports that are over, and those that never became one."""
    before = city.clock.now() - _LEFT_AFTER
    swept = 0
    query = {"uploadDate": {"$lt": before}}
    async for file in city.database[f"{FILES}.files"].find(query, {"_id": 1}).limit(100):
        going_on = {"file_id": file["_id"], "state": {"$in": [ImportState.WAITING, ImportState.RUNNING]}}
        if await city.database[IMPORTS].find_one(going_on, {"_id": 1}) is None:
            await photo_store(city.database, FILES).delete(file["_id"])
            swept += 1
    return swept
