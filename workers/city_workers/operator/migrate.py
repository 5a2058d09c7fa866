"""`yiwang migrate`: what an update asks of the rows of before."""

from __future__ import annotations

from typing import Any

import click

from city_core.kit.city import City
from city_core.operation.migrations.run import Made, outstanding
from city_core.operation.migrations.run import migrate as make_steps
from city_core.operation.note_deed import note_deed
from city_workers.operator.desk import FINE, FOUND, Desk, options, run


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what there is to do; ends with 1 if any.")
@click.option("--again", is_flag=True, help="Make every step again, also those on record.")
@options
def migrate(dry_run: bool, again: bool, **given: Any) -> None:
    """Brings rows of earlier versions up to date, step by step, beside the city at work.

    May be run twice and be killed: a step begins again, and each is on record once it is done.
    """

    async def do(city: City, desk: Desk) -> int:
        if not dry_run and (again or await outstanding(city)):
            await note_deed(city, desk.by, "migrate", {"again": again})
        made: list[Made] = []
        seen: dict[str, int] = {}
        with desk.progress("migrating") as told:

            def shown(name: str, rows: int) -> None:
                told(name, rows - seen.get(name, 0))
                seen[name] = rows

            async for one in make_steps(city, desk.by, shown, dry_run=dry_run, again=again):
                made.append(one)
        became = "would change" if dry_run else "changed"
        lines = [f"{one.name}: {became} {one.rows:,} rows. {one.says}" for one in made]
        desk.tell([vars(one) for one in made], lines or "All migrations are made.")
        return FOUND if dry_run and made else FINE

    run(do, given)
