"""Brings a file into a registry: `python -m city_workers.import_places FILE --registry components`.

For the operator. GeoJSON, CSV or a zip of Shapefiles, told apart by what is in it. One that was broken off
goes on where it was when it is asked for again. Ends with 0; with 1 when rows were refused or the file cannot
be read; with 2 and one sentence when the city cannot be reached or is not set up.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import hashlib
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.mongo import PyMongoError, Row
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker, Wake
from city_core.kit.work import Handler
from city_core.places.registries.imports import (
    KIND,
    ImportAsked,
    begin_import,
    find_import,
    unfinished_import,
)
from city_core.places.registries.model import IMPORTS, ImportState
from city_core.places.registries.read_csv import guarded
from city_core.places.registries.tables import REGISTRIES
from city_core.settings import Settings, WrongSetting, read_settings
from city_workers.jobs import import_places

OPERATOR = "operator"
_PIECE = 1 << 20
_LOOK_SECONDS = 0.5
_HANDLERS = {KIND: Handler(import_places.do, import_places.give_up)}
_OVER = (ImportState.DONE, ImportState.FAILED)


async def bring_in_file(city: City, file: Path, asked: ImportAsked) -> Row:
    """Begin the import of a file, or go on with it, and see it through; answers the import."""
    mark = await asyncio.to_thread(_sha256, file)
    import_id = await unfinished_import(city, OPERATOR, asked, mark)
    if import_id is None:
        import_id = uuid4().hex
        await begin_import(city, OPERATOR, import_id, asked, _pieces(file))
    showing = asyncio.create_task(_show(city, import_id))
    try:
        while True:
            await perform(city, _HANDLERS, Wake(KIND, IMPORTS, import_id, KIND, city.clock.now()))
            found = await find_import(city, import_id)
            if found["state"] in _OVER:
                return found
            await asyncio.sleep(_LOOK_SECONDS)  # a worker that was killed still holds its lease
    finally:
        showing.cancel()


async def run(settings: Settings, file: Path, asked: ImportAsked, report: Path | None) -> int:
    """Bring a file into the city that the settings name; answers the exit code."""
    async with open_city(settings, app_name="import-places", waker=QuietWaker()) as city:
        began = time.monotonic()
        try:
            found = await bring_in_file(city, file, asked)
        except CityProblem as problem:
            print(f"{problem.kind.zh} {problem.kind.en} ({problem})", file=sys.stderr)
            return 1
    if report is not None:
        write_report(found, report)
    if found["failure"]:
        failure = found["failure"]
        print(f"\n{failure['zh']} {failure['en']} (row {failure['row']})", file=sys.stderr)
        return 1
    counts = ", ".join(
        f"{found[name]:,} {name}" for name in ("new", "changed", "unchanged", "refused", "kept", "retired")
    )
    seconds = time.monotonic() - began
    tried = " (only tried, nothing was written)" if asked.dry_run else ""
    print(f"\n{found['rows_done']:,} rows in {seconds:.1f} s: {counts}{tried}.")
    return 1 if found["refused"] else 0


def write_report(found: Row, report: Path) -> None:
    """Write the bad rows of an import as CSV, the first thousand faults."""
    with report.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "field", "zh", "en", "allowed"])
        for fault in found["bad_rows"]:
            told = (guarded(fault[name]) for name in ("field", "zh", "en", "allowed"))
            writer.writerow([fault["row"], *told])


def main(arguments: list[str] | None = None) -> int:
    """Do it from the command line."""
    given = _parser().parse_args(arguments)
    asked = ImportAsked(
        given.registry, given.file.name, given.datum, given.layer, given.dry_run, given.retire_missing
    )
    try:
        return asyncio.run(run(read_settings(), given.file, asked, given.report))
    except (WrongSetting, PyMongoError) as error:
        print(why_not_started(error) or f"MongoDB did not answer: {error}", file=sys.stderr)
    except OSError as error:
        print(f"The file cannot be read: {error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="city_workers.import_places", description="Brings a file into a registry of places."
    )
    parser.add_argument("file", type=Path, help="GeoJSON, CSV, or a zip of Shapefiles")
    parser.add_argument("--registry", choices=sorted(REGISTRIES), required=True)
    parser.add_argument("--layer", help="the layer of points whose file names none")
    parser.add_argument("--datum", default="CGCS2000", choices=("CGCS2000", "WGS84", "GCJ02", "BD09"))
    parser.add_argument("--dry-run", action="store_true", help="only say what would become of each row")
    parser.add_argument("--retire-missing", action="store_true", help="retire what the file lacks")
    parser.add_argument("--report", type=Path, help="where to write the bad rows as CSV")
    return parser


async def _show(city: City, import_id: str) -> None:
    while True:
        found = await find_import(city, import_id)
        total = f" of {found['rows_total']:,}" if found["rows_total"] is not None else ""
        print(f"\r{found['rows_done']:,}{total} rows", end="", file=sys.stderr, flush=True)
        await asyncio.sleep(_LOOK_SECONDS)


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
