"""Recomputes every deadline from the records: `python -m city_workers.recompute`.

Writes nothing. Ends with 0; with 1 when a stored value differs from what the history says, each difference on
a line of its own; with 2 and one sentence when the city cannot be reached or is not set up.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from city_core.bootstrap import open_city
from city_core.cases.clocks.recompute import recompute_all
from city_core.kit.city import City
from city_core.kit.mongo import PyMongoError
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker
from city_core.settings import Settings, WrongSetting, read_settings

Told = Callable[[int], None]


async def compare(city: City) -> int:
    """Print every difference and a last line with the figures; answers how many differences there are."""
    total = await city.database.cases.estimated_document_count()
    began, found, seen = time.monotonic(), 0, 0

    with _progress(total) as show:

        def told(done: int) -> None:
            nonlocal seen
            seen = done
            show(done)

        async for difference in recompute_all(city, told):
            found += 1
            print(difference, flush=True)
    print(f"{seen} cases recomputed in {time.monotonic() - began:.1f} s, {found} differences.")
    return found


async def run(settings: Settings) -> int:
    """Compare the city that the settings name; answers the exit code."""
    async with open_city(settings, app_name="recompute", waker=QuietWaker()) as city:
        return 1 if await compare(city) else 0


def main() -> int:
    """Do it from the command line."""
    try:
        return asyncio.run(run(read_settings()))
    except (WrongSetting, PyMongoError) as error:
        print(why_not_started(error) or f"MongoDB did not answer: {error}", file=sys.stderr)
        return 2


@contextmanager
def _progress(total: int) -> Iterator[Told]:
    """Show a bar on a terminal that has one; nothing in a log."""
    try:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    except ImportError:  # rich comes with the demo, the workers do without it
        yield lambda done: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("recomputing deadlines", total=total)
        yield lambda done: progress.update(task, completed=done)


if __name__ == "__main__":
    sys.exit(main())
