"""`yiwang backup` and `yiwang restore`: the whole city into a folder, and back into an empty database."""

from __future__ import annotations

import asyncio
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from city_core.bootstrap import RULEBOOKS, STORED_SHAPES
from city_core.kit.city import City
from city_core.operation.backup.make import make_backup
from city_core.operation.backup.manifest import Manifest, read_manifest
from city_core.operation.backup.restore import check_before_restore, restore_backup
from city_core.operation.backup.verify import faults_of
from city_core.operation.doctor.finding import Patient
from city_core.operation.migrations.steps import STEP_NAMES, STEPS
from city_core.operation.note_deed import note_deed
from city_workers.operator.desk import FINE, FOUND, Desk, options, run, run_alone
from city_workers.operator.doctor import tell_findings

_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_AFTER_RESTORE = ("indexes", "rulebooks", "migrations", "tallies")


@click.group()
def backup() -> None:
    """Copies of the whole city: rows, photos, and a hash for each file. Keep them encrypted: they hold
    personal data; the city's secrets are not in them and have to be kept elsewhere."""


@backup.command("make")
@click.argument("folder", type=_NEW_FOLDER)
@click.option("--without-photos", is_flag=True, help="Leave photos out: they are copied otherwise.")
@options
def make(folder: Path, without_photos: bool, **given: Any) -> None:
    """Copies the city, as it is at one instant, into a new folder; the city goes on meanwhile."""

    async def do(city: City, desk: Desk) -> int:
        await note_deed(city, desk.by, "backup make", {"folder": folder.name, "photos": not without_photos})
        began = time.monotonic()
        with desk.progress("copying") as told:
            manifest = await make_backup(
                city, folder, by=desk.by, version=metadata.version("yiwang"),
                with_photos=not without_photos, told=told,
            )  # fmt: skip
        desk.tell(_figures(manifest, began), _line("copied", manifest, began))
        return FINE

    run(do, given, opened=False)


@backup.command("verify")
@click.argument("folder", type=_FOLDER)
@options
def verify(folder: Path, **given: Any) -> None:
    """Looks a backup through: every file there, and as it was written; ends with 1 when not."""

    def do(desk: Desk) -> int:
        began, manifest = time.monotonic(), read_manifest(folder)
        with desk.progress("reading", sum(file.bytes for file in manifest.files)) as told:
            faults = list(faults_of(folder, manifest, told))
        lines = faults or [_line("whole", manifest, began)]
        desk.tell({**_figures(manifest, began), "faults": faults}, lines)
        return FOUND if faults else FINE

    run_alone(do, given)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--replace", is_flag=True, help="Take out first what the database holds now, for good.")
@options
def restore(folder: Path, replace: bool, **given: Any) -> None:
    """Brings a backup back into an empty database: hashes, rows and photos, counts, indexes, then the doctor.

    Stop every process of the city first, and flush Redis. Phones fetch anew what they keep.
    """

    async def do(city: City, desk: Desk) -> int:
        manifest = await asyncio.to_thread(read_manifest, folder)
        began = time.monotonic()
        with desk.progress("checking", sum(file.bytes for file in manifest.files)) as told:
            warnings = await check_before_restore(
                city, folder, manifest, STEP_NAMES, replace=replace, told=told
            )
        for line in warnings:
            click.echo(line, err=True)
        name = city.settings.mongodb_database
        if replace:
            desk.ask(f"Take everything out of the database {name}, and bring {folder.name} back into it?")
        with desk.progress("bringing back", manifest.raw_bytes) as told:
            await restore_backup(
                city, folder, manifest, STORED_SHAPES, by=desk.by, replace=replace, told=told
            )
        await note_deed(city, desk.by, "restore", {"folder": folder.name, "made_at": manifest.made_at})
        desk.tell({**_figures(manifest, began), "warnings": warnings}, _line("brought back", manifest, began))
        patient = Patient(city, STORED_SHAPES, RULEBOOKS, STEPS)
        return await tell_findings(patient, desk, _AFTER_RESTORE, quietly=desk.as_json)

    run(do, given, opened=False)


def _figures(manifest: Manifest, began: float) -> dict[str, Any]:
    seconds = max(time.monotonic() - began, 0.01)
    return {
        "made_at": manifest.made_at, "database": manifest.database, "files": len(manifest.files),
        "documents": manifest.documents, "bytes": manifest.raw_bytes, "gone": manifest.gone,
        "seconds": round(seconds, 2), "mb_a_second": round(manifest.raw_bytes / 1e6 / seconds, 1),
        "written_bytes": sum(file.bytes for file in manifest.files),
    }  # fmt: skip


def _line(became: str, manifest: Manifest, began: float) -> str:
    seconds = max(time.monotonic() - began, 0.01)
    size = manifest.raw_bytes / 1e6
    written = sum(file.bytes for file in manifest.files)
    gone = f", {manifest.gone} photos were forgotten meanwhile" if manifest.gone else ""
    return (
        f"{became}: {manifest.documents:,} documents, {manifest.raw_bytes:,} bytes, as {written:,} bytes in"
        f" {len(manifest.files)} files of {manifest.made_at}, {seconds:.1f} s,"
        f" {size / seconds:,.1f} MB/s{gone}."
    )
