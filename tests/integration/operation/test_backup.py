"""The whole city into a folder and back: equal row by row, as of one instant, and never half."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bson import decode
from pydantic import SecretStr

from city_core.kit.city import City
from city_core.kit.mongo import Session, in_transaction
from city_core.media.files import references_in
from city_core.operation.backup.bson_files import read_documents
from city_core.operation.backup.make import make_backup
from city_core.operation.backup.manifest import Manifest, read_manifest
from city_core.operation.backup.restore import check_before_restore, restore_backup
from city_core.operation.doctor.finding import Patient, Severity
from city_core.operation.doctor.work import look_at_restore
from city_core.operation.migrations.steps import STEP_NAMES
from city_core.operation.refusals import OperationRefused
from tests.integration.media.test_photo_stores import s3, s3_settings, switched  # noqa: F401
from tests.integration.operation.conftest import Operator
from tests.integration.operation.town import found_a_small_town, live_a_morning, rows_of
from tests.s3_server import S3Server


class Killed(Exception):
    """Stands for the end of the process."""


def quietly(_: str, __: int) -> None:
    return None


async def copy(city: City, folder: Path, told: Any = quietly) -> Manifest:
    return await make_backup(city, folder, by="operator:test", version="0", told=told)


async def test_a_morning_comes_back_as_it_was(
    city: City,
    operator: Operator,
    other_database: str,
    tmp_path: Path,
    s3: tuple[S3Server, str],  # noqa: F811
) -> None:
    server, address = s3
    await live_a_morning(city, switched(city, address))
    folder = tmp_path / "backups" / "monday"
    in_store = {f"MEDIA_{name}": str(value) for name, value in _upper(s3_settings(address)).items()}
    made = await operator("backup", "make", str(folder), "--as", "Li", **in_store)
    assert made.code == 0, made
    told = re.search(
        r"copied: [\d,]+ documents, ([\d,]+) bytes, as [\d,]+ bytes in .* ([\d,.]+) MB/s\.", made.text
    )
    assert told is not None and int(told[1].replace(",", "")) > 10_000 and float(told[2]) > 0, made.text
    objects, before = dict(server.objects), await rows_of(city.database)
    assert objects and {"cases", "photos", "sessions", "photo_originals.chunks", "odd_rows"} <= before.keys()
    looked = await operator("backup", "verify", str(folder), "--json")
    assert looked.code == 0 and looked.json["mb_a_second"] > 0
    assert 0 < looked.json["written_bytes"] <= looked.json["bytes"]
    server.objects.clear()

    restored = await operator("restore", str(folder), database=other_database, **in_store)
    there = city.database.client[other_database]
    assert await rows_of(there) == before and server.objects == objects
    assert "brought back" in restored.text and "BAD  indexes" not in restored.text
    feed = await there.sync_feed.find_one({"_id": "feed"})
    assert feed is not None and not feed["is_complete"] and feed["scheme"] == 0  # phones begin anew
    assert await there.restores.find_one({}) is None
    indexes = {name: set(await there[name].index_information()) for name in ("cases", "people", "sessions")}
    assert indexes == {name: set(await city.database[name].index_information()) for name in indexes}
    by = {row["command"]: row["by"] async for row in there.operator_deeds.find({})}
    assert by == {"backup make": "operator:ops/Li", "restore": "operator:ops"}

    again = await operator("restore", str(folder), database=other_database, **in_store)
    assert again.code == 1 and "is not empty" in again.said
    asked = await operator("restore", str(folder), "--replace", database=other_database, **in_store)
    assert asked.code == 1 and "--yes" in asked.said and await there.cases.find_one({})


def _upper(settings: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in settings.items() if name.startswith("media_")}
    return {name.removeprefix("media_").upper(): value for name, value in given.items()}


async def test_all_collections_are_of_one_instant(city: City, tmp_path: Path) -> None:
    """Money is moved from the last collection to the first all the time: no copy sees it twice or not."""
    first, last = city.database.aaa, city.database.zzz
    await first.insert_one({"_id": 1, "held": 0})
    await last.insert_one({"_id": 1, "held": 1_000})
    await city.database.mmm.insert_many([{"_id": number, "fill": "x" * 1_000} for number in range(3_000)])
    moved, stop = 0, asyncio.Event()

    async def move(session: Session) -> None:
        await last.update_one({"_id": 1}, {"$inc": {"held": -1}}, session=session)
        await first.update_one({"_id": 1}, {"$inc": {"held": 1}}, session=session)

    async def keep_moving() -> None:
        nonlocal moved
        while not stop.is_set():
            await in_transaction(city.database, move)
            moved += 1

    moving = asyncio.create_task(keep_moving())
    await copy(city, tmp_path / "copy")
    stop.set()
    await moving
    held = [row["held"] for name in ("aaa", "zzz") for row in _rows(tmp_path / "copy" / f"{name}.bson.gz")]
    assert sum(held) == 1_000 and moved > 0


async def test_a_photo_forgotten_while_it_was_copied_is_counted_and_left_out(
    city: City, tmp_path: Path
) -> None:
    await found_a_small_town(city)
    photo = await city.database.photos.find_one({"original_file": {"$ne": None}})
    assert photo is not None
    gone = [reference.rpartition("/")[2] for reference in references_in(photo)]

    async def forget() -> None:
        for bucket in ("photo_originals", "photo_copies"):
            await city.database[f"{bucket}.chunks"].delete_many({"files_id": {"$in": gone}})

    forgetting: list[asyncio.Task[None]] = []

    def told(_: str, __: int) -> None:
        if not forgetting:
            forgetting.append(asyncio.create_task(forget()))

    manifest = await copy(city, tmp_path / "copy", told)
    assert forgetting and manifest.gone == len(gone)
    files = [row["_id"] for one in ("photo_originals", "photo_copies")
             for row in _rows(tmp_path / "copy" / f"{one}.files.bson.gz")]  # fmt: skip
    assert files and not set(files) & set(gone)


async def test_a_copy_that_broke_off_never_looks_whole(city: City, tmp_path: Path) -> None:
    await found_a_small_town(city)

    def killed(name: str, _: int) -> None:
        if name == "people":
            raise Killed

    with pytest.raises(Killed):
        await copy(city, tmp_path / "copy", killed)
    assert not (tmp_path / "copy").exists()
    assert "manifest.json" not in [one.name for one in (tmp_path / "copy.incomplete").iterdir()]
    manifest = await copy(city, tmp_path / "copy")
    assert not (tmp_path / "copy.incomplete").exists() and read_manifest(tmp_path / "copy") == manifest
    with pytest.raises(OperationRefused, match="not empty"):
        await copy(city, tmp_path / "copy")


async def test_a_restore_that_broke_off_is_told_and_begun_anew(
    city: City, other_database: str, tmp_path: Path
) -> None:
    await found_a_small_town(city)
    manifest = await copy(city, tmp_path / "copy")
    there, folder = _elsewhere(city, other_database), tmp_path / "copy"

    def killed(name: str, _: int) -> None:
        if name == "people":
            raise Killed

    with pytest.raises(BaseException):  # noqa: B017
        await restore_backup(there, folder, manifest, (), by="t", replace=False, told=killed)
    found = await look_at_restore(Patient(there, (), {}, ()))
    assert found[0].severity is Severity.FAULT and "has not ended" in found[0].says
    with pytest.raises(OperationRefused, match="--replace"):
        await check_before_restore(there, folder, manifest, STEP_NAMES, replace=False, told=quietly)
    await restore_backup(there, folder, manifest, (), by="t", replace=True, told=quietly)
    assert await rows_of(there.database) == await rows_of(city.database)
    assert (await look_at_restore(Patient(there, (), {}, ())))[0].severity is Severity.FINE


async def test_what_cannot_be_restored_whole_is_refused_before_anything_is_written(
    city: City, other_database: str, tmp_path: Path
) -> None:
    await found_a_small_town(city)
    manifest = await copy(city, tmp_path / "copy")
    there, folder = _elsewhere(city, other_database), tmp_path / "copy"
    newer = replace(manifest, migrations=["9999_unheard_of"])
    with pytest.raises(OperationRefused, match="newer version"):
        await check_before_restore(there, folder, newer, STEP_NAMES, replace=False, told=quietly)
    key = SecretStr(base64.b64encode(bytes(range(50, 82))).decode())
    stranger = replace(there, settings=there.settings.model_copy(update={"token_private_key": key}))
    (warned,) = await check_before_restore(
        stranger, folder, manifest, STEP_NAMES, replace=False, told=quietly
    )
    assert "TOKEN_PRIVATE_KEY" in warned
    damaged = folder / "people.bson.gz"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    with pytest.raises(OperationRefused, match=r"people\.bson\.gz was changed"):
        await check_before_restore(there, folder, manifest, STEP_NAMES, replace=True, told=quietly)
    assert await there.database.list_collection_names() == []


async def test_an_empty_database_is_not_copied(city: City, other_database: str, tmp_path: Path) -> None:
    with pytest.raises(OperationRefused, match="is empty"):
        await make_backup(
            _elsewhere(city, other_database), tmp_path / "copy", by="t", version="0", told=quietly
        )


def _elsewhere(city: City, name: str) -> City:
    settings = city.settings.model_copy(update={"mongodb_database": name})
    return replace(city, database=city.database.client[name], settings=settings)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [decode(row) for batch in read_documents(path, most_bytes=10**6, most=100) for row in batch]
