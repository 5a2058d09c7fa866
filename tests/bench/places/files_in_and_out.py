"""How long files of registries take: 10,000 components out, 93,900 in by the operator's own command."""

from __future__ import annotations

import asyncio
import csv
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.waking import QuietWaker
from city_core.places.registries.export import ExportAsked, csv_of, geojson_of
from city_core.places.registries.sight import Sight
from city_seed.display import open_display
from city_seed.load import load_into, prepare
from tests.bench.figures import Figures
from tests.bench.memory import rss_kb
from tests.bench.places.city_of import MAKERS, CityOf
from tests.bench.places.making import PREFIX
from tests.bench.places.registers import Registers
from tests.bench.places.standing import Standing
from tests.bench.places.throughput import environment_of
from tests.conftest import settings_for

OUT, IN = 10_000, 93_900
FILES = 4
DATABASE = f"{PREFIX}import"
_LOOK_S = 0.1
_COLUMNS = ("code", "name_zh", "type_code", "owner_department_id", "keeper_department_id", "state")
Told = Callable[[], None]


async def exports(city: Standing, told: Told) -> Figures:
    """Write the first 10,000 components of a city out, as both kinds of text."""
    found: Figures = {}
    for name, written, row_mark in (("geojson", geojson_of, b'"type":"Feature"'), ("csv", csv_of, b"\r\n")):
        asked = ExportAsked("components", name, Sight(everything=True))
        began = time.perf_counter()
        rows, size = await _first_rows(written(city.city, asked), row_mark)
        seconds = time.perf_counter() - began
        found[f"export, {name}"] = {
            "rows": rows, "seconds": round(seconds, 2), "rows_per_s": round(rows / seconds),
            "mb": round(size / 1e6, 1),
        }  # fmt: skip
        told()
    return found


async def imports(city: Standing, folder: Path, told: Told, *, count: int = IN) -> Figures:
    """Bring components into a city that has none of them, by the operator's command; then once more."""
    settings = settings_for(city.mongod, city.redis_url, mongodb_database=DATABASE)
    async with open_city(settings, app_name="bench", waker=QuietWaker()) as empty:
        try:
            with open_display(quiet=True) as display:
                await load_into(empty, prepare(), display)
            await empty.database.components.delete_many({})
            file = folder / "components.csv"
            size = await asyncio.to_thread(_write_file, file, city.registers, count)
            found: Figures = {}
            for name in ("import, all new", "import, again"):
                found[name] = {
                    "rows": count,
                    "mb": round(size / 1e6, 1),
                    **await _bring_in(empty, file, count),
                }
                told()
            there = await empty.database.components.count_documents({})
            assert there == count, f"{there} components after an import of {count}"
            return found
        finally:
            await empty.database.client.drop_database(DATABASE)


async def _first_rows(pieces: AsyncIterator[bytes], row_mark: bytes) -> tuple[int, int]:
    rows = size = 0
    async for piece in pieces:
        rows, size = rows + piece.count(row_mark), size + len(piece)
        if rows >= OUT:
            break
    return rows, size


def _write_file(file: Path, registers: Registers, count: int) -> int:
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([*_COLUMNS, "lng", "lat"])
        for row in MAKERS["components"](registers, CityOf(0, count), 0, count):
            cells = {**row, "code": row["_id"]}
            writer.writerow([*(cells[name] for name in _COLUMNS), *row["point"]["coordinates"]])
    return file.stat().st_size


async def _bring_in(city: City, file: Path, count: int) -> Figures:
    began = time.monotonic()
    log = file.with_suffix(".log")
    with log.open("wb") as told:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "city_workers.import_places", str(file), "--registry", "components"),
            stdout=told, stderr=told, env=environment_of(city.settings),
        )  # fmt: skip
        ended, most = asyncio.create_task(child.wait()), 0
        try:
            while not ended.done():
                most = max(most, rss_kb(child.pid))
                await asyncio.wait({ended}, timeout=_LOOK_S)
        finally:
            if not ended.done():
                child.kill()
    assert await ended == 0, log.read_text(errors="replace")[-2000:]
    seconds = time.monotonic() - began
    speed = {"seconds": round(seconds, 1), "rows_per_s": round(count / seconds)}
    return {**speed, "most_memory_mb": round(most / 1024)}
