"""`yiwang record`: what operators did."""

from __future__ import annotations

from typing import Any

import click

from city_core.kit.city import City
from city_core.operation.note_deed import deeds
from city_workers.operator.desk import FINE, Desk, local, options, run


@click.command()
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 1_000), help="How many deeds.")
@options
def record(most: int, **given: Any) -> None:
    """Tells what operators did from the command line, the newest first."""

    async def do(city: City, desk: Desk) -> int:
        rows = await deeds(city, most)
        lines = [f"{local(row['at'])}  {row['by']}  {row['command']}  {row['about']}" for row in rows]
        desk.tell(rows, lines or "Nothing is on record.")
        return FINE

    run(do, given)
