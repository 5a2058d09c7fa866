"""`yiwang rules`: rulebooks, their versions, and the way back to an earlier one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from city_core.bootstrap import RULEBOOKS
from city_core.kit.city import City
from city_core.kit.rulebook.store import Rulebook, content_of, versions_in_force
from city_core.kit.rulebook.tables import Content, write_csv
from city_core.operation.put_rules_in_force import put_rules_in_force, versions_of
from city_workers.operator.desk import FINE, FOUND, Desk, local, options, run

_BOOK = click.Choice(sorted(RULEBOOKS))
_VERSION = click.IntRange(0, 1_000_000)


@click.group()
def rules() -> None:
    """The rules of the city: rulebooks, which version is in force, and earlier ones."""


@rules.command("list")
@options
def list_rules(**given: Any) -> None:
    """Lists the rulebooks with the version in force; 0 is what holds as shipped."""

    async def do(city: City, desk: Desk) -> int:
        versions = await versions_in_force(city)
        found = {name: versions.get(name, 0) for name in RULEBOOKS}
        desk.tell(found, [f"{name:22} {number}" for name, number in found.items()])
        return FINE

    run(do, given)


@rules.command("versions")
@click.argument("rulebook", type=_BOOK)
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 1_000), help="How many.")
@options
def versions(rulebook: str, most: int, **given: Any) -> None:
    """Lists what was published of a rulebook, the newest first."""

    async def do(city: City, desk: Desk) -> int:
        rows = await versions_of(city, RULEBOOKS[rulebook], most)
        in_force = (await versions_in_force(city)).get(rulebook, 0)
        lines = [
            f"{'*' if row['version'] == in_force else ' '} {row['version']:5} {local(row['published_at'])} "
            f"{row['published_by']:30} {row['note']}"
            for row in rows
        ]
        desk.tell({"in_force": in_force, "versions": rows}, lines or "Nothing was published.")
        return FINE

    run(do, given)


@rules.command("put-in-force")
@click.argument("rulebook", type=_BOOK)
@click.argument("version", type=_VERSION)
@options
def put_in_force(rulebook: str, version: int, **given: Any) -> None:
    """Publishes an earlier version anew; cases that run keep the rules they were filed under."""

    async def do(city: City, desk: Desk) -> int:
        desk.ask(f"Put version {version} of {rulebook} in force again?")
        published = await put_rules_in_force(city, desk.by, RULEBOOKS[rulebook], version)
        faults = [str(fault) for fault in published.faults]
        said = f"Version {published.version} of {rulebook} is in force."
        desk.tell({"version": published.version, "faults": faults}, faults or said)
        return FOUND if faults else FINE

    run(do, given)


@rules.command("export")
@click.argument("rulebook", type=_BOOK)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", type=_VERSION, help="Another version than the one in force.")
@options
def export(rulebook: str, folder: Path, version: int | None, **given: Any) -> None:
    """Writes the tables of a rulebook as CSV into a folder, as they can be published again."""

    async def do(city: City, desk: Desk) -> int:
        book: Rulebook[Any] = RULEBOOKS[rulebook]
        number = (await versions_in_force(city)).get(rulebook, 0) if version is None else version
        content = await content_of(city, book, number)
        written = await asyncio.to_thread(_write_tables, book, content, folder)
        desk.tell({"version": number, "files": written}, written)
        return FINE

    run(do, given)


def _write_tables(book: Rulebook[Any], content: Content, folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in book.tables:
        path = folder / f"{table.name}.csv"
        path.write_text(write_csv(table, content[table.name]), encoding="utf-8")
        written.append(str(path))
    return written
