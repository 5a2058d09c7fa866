"""`yiwang retention`: what the city keeps no longer, see the register of what it keeps."""

from __future__ import annotations

from typing import Any

import click

from city_core.kit.city import City
from city_core.operation.note_deed import note_deed
from city_core.privacy.retention import run_retention
from city_workers.operator.desk import FINE, Desk, options, run


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be taken away or coarsened.")
@options
def retention(dry_run: bool, **given: Any) -> None:
    """Takes away what the city has kept for long enough; the workers do the same every hour.

    May be run twice and be killed: what is left is taken the next time.
    """

    async def do(city: City, desk: Desk) -> int:
        if not dry_run:
            await note_deed(city, desk.by, "retention", {})
        done = await run_retention(city, dry_run=dry_run)
        became = "would be taken away or coarsened" if dry_run else "were taken away or coarsened"
        desk.tell(done, [f"{name}: {rows:,} rows {became}." for name, rows in done.items()])
        return FINE

    run(do, given)
