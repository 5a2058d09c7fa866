"""Asks cities of several sizes the same questions: `python -m tests.bench.places --sizes 100000,1000000`.

Each question is asked so often, in turns of the cities, so that what else the machine does weighs on all of
them alike; then some times more under MongoDB's profiler. A question that takes more than `MOST_GROWTH` times
as long in the largest city as in the smallest is named.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from city_core.kit.mongo import PyMongoError, is_unreachable
from city_demo.embedded import EmbeddedRedis
from tests.bench.figures import RESULTS, Figures, keep, machine, spread
from tests.bench.places import compared
from tests.bench.places.asked import Asked, DeepQuestion, Question
from tests.bench.places.city_of import CityOf
from tests.bench.places.mongo_work import watched
from tests.bench.places.questions import QUESTIONS
from tests.bench.places.standing import Standing, standing

CALLS, WATCHED_CALLS, WARM_CALLS = 200, 40, 5
MOST_GROWTH = 1.5
COMPONENTS_SHARE = 0.1  # 100,000 for 1,000,000 cases
FOLDER = RESULTS.parent / "bench-places"
OUTPUT = RESULTS.parent / "bench-places.json"


async def measure(
    folder: Path, sizes: Sequence[CityOf], *, calls: int = CALLS, only: str = "", keep: bool = False
) -> Figures:
    """Make the cities, ask everything, and give all figures."""
    columns = (TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    asked = {name: question for name, question in QUESTIONS.items() if only in name}
    with Progress(*columns) as progress, EmbeddedRedis(folder / "redis") as redis:
        bars: dict[str, Callable[[int, int], None]] = {}
        began = time.monotonic()

        def told(name: str, done: int, total: int) -> None:
            if name not in bars:
                bar = progress.add_task(name, total=total)
                bars[name] = lambda done, total: progress.update(bar, completed=done, total=total)
            bars[name](done, total)

        async with standing(folder, list(sizes), told, redis_url=redis.url, keep=keep) as cities:
            questions = {}
            for name, question in asked.items():
                bar = progress.add_task(name, total=calls * len(cities))
                questions[name] = await _ask(question, cities, calls, partial(progress.advance, bar))
            return {
                "machine": machine(),
                "cities": {city.size.name: city.figures for city in cities},
                "questions": questions,
                "took_s": round(time.monotonic() - began),
            }


async def _ask(
    question: Question, cities: Sequence[Standing], calls: int, told: Callable[[], None]
) -> Figures:
    taken: dict[str, list[float]] = {city.size.name: [] for city in cities}
    failed = dict.fromkeys(taken, 0)
    for city in cities:
        for number in range(min(WARM_CALLS, calls)):
            await _answered(question, city.asking(number))
    for number in range(calls):
        for city in cities:
            asking = city.asking(number)
            if isinstance(question, DeepQuestion):
                await question.ready(asking)
            start = time.perf_counter()
            if await _answered(question, asking) is None:
                failed[city.size.name] += 1
            taken[city.size.name].append(time.perf_counter() - start)
            told()
    return {
        city.size.name: {
            **spread(taken[city.size.name], 0.5, 0.95),
            **({"gave_up": failed[city.size.name]} if failed[city.size.name] else {}),
            **await _work(question, city, calls),
        }
        for city in cities
    }


async def _answered(question: Question, asking: Asked) -> int | None:
    """Ask; None where MongoDB took longer than the core lets it, which is a figure too."""
    try:
        return await question(asking) or 0
    except PyMongoError as error:
        if not is_unreachable(error):
            raise
        return None


async def _work(question: Question, city: Standing, calls: int) -> Figures:
    count, results = min(calls, WATCHED_CALLS), 0
    async with watched(city.city.database) as work:
        for number in range(count):
            results += await _answered(question, city.asking(number)) or 0
    return {
        "operations": round(work.operations / count, 1),
        "keys": round(work.keys / count, 1),
        "documents": round(work.documents / count, 1),
        "results": round(results / count, 1),
        "keys_per_result": round(work.keys / max(1, results), 1),
        "plans": sorted(work.plans)[:4],
    }


def growth(figures: Figures) -> float:
    """Tell how many times as long the largest city takes as the smallest."""
    rows = list(figures.values())
    return float(round(rows[-1]["p50_ms"] / max(0.1, rows[0]["p50_ms"]), 2))


def show(results: Figures) -> None:
    """Print the figures as a table, and what grows with the records."""
    console = Console(width=200)
    for name, figures in results["cities"].items():
        console.print(name, figures)
    table = Table(
        "question", "city", "p50 ms", "p95 ms", "keys", "documents", "results", "keys a result", "growth"
    )
    grown = []
    for name, cities in results["questions"].items():
        factor = growth(cities)
        for city, row in cities.items():
            figures = [
                row[key] for key in ("p50_ms", "p95_ms", "keys", "documents", "results", "keys_per_result")
            ]
            table.add_row(
                name, city, *map(str, figures), str(factor) if row is list(cities.values())[-1] else ""
            )
        if factor > MOST_GROWTH:
            grown.append(f"{name}: {factor} times as long in the largest city")
        gave_up = [row["gave_up"] for row in cities.values() if "gave_up" in row]
        if gave_up:
            grown.append(f"{name}: no answer within the core's limit {max(gave_up)} times")
    console.print(table)
    for line in grown or [f"Nothing takes more than {MOST_GROWTH} times as long in the largest city."]:
        console.print(line)


def main() -> int:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(prog="tests.bench.places")
    parser.add_argument("--sizes", default="100000,1000000", help="cases of each city, smallest first")
    parser.add_argument("--days-to-close", type=float, default=3.6, help="how long a case is open on average")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--only", default="", help="only questions with these words in their name")
    parser.add_argument("--keep", action="store_true", help="leave the cities there for the next time")
    parser.add_argument(
        "--schemes", type=int, default=0, help="compare cell schemes on so many points instead"
    )
    given = parser.parse_args()
    if given.schemes:
        keep("places_schemes", compared.run(FOLDER, given.schemes))
        return 0
    sizes = [
        CityOf(int(cases), int(int(cases) * COMPONENTS_SHARE), given.days_to_close)
        for cases in given.sizes.split(",")
    ]
    results = asyncio.run(measure(FOLDER, sizes, calls=given.calls, only=given.only, keep=given.keep))
    show(results)
    OUTPUT.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"Written to {OUTPUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
