"""Measures the city on this machine: `python -m tests.bench`; figures go to `.local/bench.json`.

Everything is measured as a phone sees it, over real HTTP, on real servers with data of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.bench import deadlines, eye_minute, measurements, photos, sockets
from tests.bench.figures import RESULTS, Figures, keep, machine
from tests.bench.filling import fill
from tests.bench.town import Town, open_town

PUSHES, PAGES, NEAR, FILLED = 100, 300, 300, 10_000
PHONES, REPORTS_EACH = 16, 30
LOOPS, UNDER_WAY = 60, 16
IDLE_LIMIT_S = 600.0  # photos of the measurement before are still being veiled
ENGINES = len(photos.ENGINES) * len(photos.THREADS)
PHOTOS, ADVISED = photos.PHOTOS, photos.ADVISED
Measurement = tuple[str, int, Callable[[Callable[[], None]], Awaitable[Figures]]]


async def bench() -> Figures:
    """Take all measurements on one city."""
    columns = (
        TextColumn("{task.description:<40}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    results: Figures = {"machine": machine()}
    with Progress(*columns) as progress:
        progress.console.print("Starting a city of its own …")
        async with open_town() as town:
            shift = progress.add_task("on duty", total=None)
            await town.everybody_comes(
                lambda done, total: progress.update(shift, completed=done, total=total)
            )
            for name, count, measure in _on_a_fresh_city(town):
                await town.is_idle(IDLE_LIMIT_S)
                results[name] = await _one(progress, name, count, measure)
            await town.is_idle(IDLE_LIMIT_S)
            filling = progress.add_task("filling the records", total=FILLED)
            await asyncio.to_thread(fill, town, FILLED, lambda done: progress.update(filling, completed=done))
            await town.is_tallied()
            for name, count, measure in _on_a_filled_city(town):
                results[name] = await _one(progress, name, count, measure)
    return results


def _on_a_fresh_city(town: Town) -> list[Measurement]:
    return [
        ("deadlines", 1, deadlines.deadlines),
        ("recompute_1100_cases", 1, lambda told: deadlines.recompute(town.city.mongod, told)),
        ("sockets", 1, lambda told: sockets.sockets(town.city.mongod, town.city.redis, told)),
        ("report_to_push", PUSHES, lambda told: measurements.report_to_push(town, PUSHES, told)),
        ("engines", ENGINES, photos.engines),
        ("upload_to_advice", ADVISED, lambda told: photos.upload_to_advice(town, ADVISED, told)),
        ("photos_path", photos.RUNS * PHOTOS, lambda told: photos.photos_path(town, PHOTOS, told)),
        ("eye_minute", eye_minute.SECONDS, lambda told: eye_minute.eye_minute(town, told)),
        ("whole_loop", LOOPS, lambda told: measurements.whole_loop(town, LOOPS, UNDER_WAY, told)),
    ]


def _on_a_filled_city(town: Town) -> list[Measurement]:
    reports = PHONES * REPORTS_EACH
    return [
        ("page_of_20_cases", PAGES, lambda told: measurements.page_of_cases(town, PAGES, told)),
        ("nearest_20_cases", NEAR, lambda told: measurements.nearest_cases(town, NEAR, told)),
        ("submit_rate", reports, lambda told: measurements.submit_rate(town, PHONES, REPORTS_EACH, told)),
    ]


async def _one(
    progress: Progress, name: str, count: int, measure: Callable[..., Awaitable[Figures]]
) -> Figures:
    bar = progress.add_task(name.replace("_", " "), total=count)
    return await measure(lambda: progress.advance(bar))


def show(results: Figures) -> None:
    """Print the figures as a table."""
    table = Table("what", "figure", "value")
    for name, figures in results.items():
        for figure, value in _flat(figures):
            table.add_row(name, figure, str(value))
    Console().print(table)


def _flat(figures: Figures) -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from ((f"{name} {inner}", found) for inner, found in _flat(value))
        else:
            yield name, value


def main() -> int:
    """Measure, print, and keep the figures."""
    argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__).parse_args()
    results = asyncio.run(bench())
    show(results)
    keep("bench", results)
    print(f"Written to {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
