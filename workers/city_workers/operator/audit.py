"""`yiwang audit`: whether the audit log is whole, and its signed head to keep elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from city_core.audit.head import export_head
from city_core.kit.city import City
from city_core.operation.note_deed import note_deed
from city_workers.operator.desk import FINE, FOUND, Desk, options, run
from city_workers.verify_audit import check_log

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The audit log 审计日志: who of the staff read personal data, and who changed what."""


@audit.command()
@click.option("--head", "heads", type=_FILE, multiple=True, help="A head that was kept elsewhere.")
@options
def verify(heads: tuple[Path, ...], **given: Any) -> None:
    """Reads the log from first row to head; names the first bad row, and ends with 1, if there is one."""

    async def do(city: City, desk: Desk) -> int:
        await note_deed(city, desk.by, "audit verify", {"heads": len(heads)})
        kept = [await asyncio.to_thread(file.read_text, "utf-8") for file in heads]
        checked = await check_log(city, kept)
        desk.tell(vars(checked), checked.said)
        return FINE if checked.is_whole else FOUND

    run(do, given)


@audit.command()
@click.option("--export", "file", type=_FILE, help="Write it to this file, to be kept elsewhere.")
@options
def head(file: Path | None, **given: Any) -> None:
    """Gives the signed head of the log, which anybody can check with the public key alone."""

    async def do(city: City, desk: Desk) -> int:
        found = await export_head(city)
        if file is not None:
            await asyncio.to_thread(file.write_text, found.to_json() + "\n", "utf-8")
        desk.tell(vars(found), found.to_json())
        return FINE

    run(do, given)
