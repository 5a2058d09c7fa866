"""Asks cities of several sizes the same questions: `python -m tests.bench.places --sizes 100000,1000000`.

A size is so many cases, and so many components where another number follows: `100000:10000`.
Each question is asked so often, in turns of the cities, so that what else the machine does weighs on all of
them alike; then some times more under MongoDB's profiler. A question that takes more than `shown.MOST_GROWTH`
times as long in the largest city as in the smallest is named. Then the largest city is asked what is near as
fast as it answers, and files of components go out and in.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from city_demo.embedded import EmbeddedRedis
from tests.bench.figures import RESULTS, Figures, keep, machine
from tests.bench.places import compared
from tests.bench.places.asking import ask_in_turns
from tests.bench.places.city_of import CityOf
from tests.bench.places.files_in_and_out import FILES, IN, exports, imports
from tests.bench.places.questions import QUESTIONS
from tests.bench.places.shown import show
from tests.bench.places.standing import Standing, standing
from tests.bench.places.throughput import RATES, SECONDS, throughput

CALLS = 100
COMPONENTS = 100_000  # what stands in a city does not grow with its records
FOLDER = RESULTS.parent / "bench-places"
OUTPUT = RESULTS.parent / "bench-places.json"


@dataclass(frozen=True)
class Much:
    """How much is measured: calls of a question, seconds of each rate, rows of an import; `only` names some
    questions and leaves the rest out."""

    calls: int = CALLS
    seconds: float = SECONDS
    rows_in: int = IN
    only: str = ""


async def measure(folder: Path, sizes: Sequence[CityOf], much: Much, *, keep: bool = False) -> Figures:
    """Make the cities, ask everything, and give all figures."""
    began = time.monotonic()
    columns = (TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress, EmbeddedRedis(folder / "redis") as redis:
        told = Bars(progress)
        async with standing(folder, list(sizes), told, redis_url=redis.url, keep=keep) as cities:
            results = {
                "machine": machine(),
                "cities": {city.size.name: city.figures for city in cities},
                "questions": await _questions(cities, much, told),
                **({} if much.only else await _more(cities[-1], folder, much, told)),
            }
    return {**results, "took_s": round(time.monotonic() - began)}


@dataclass
class Bars:
    """Shows how far each thing has come that is told of; in a file, a line when it is through."""

    progress: Progress
    known: dict[str, TaskID] = field(default_factory=dict)

    def __call__(self, name: str, done: int, total: int) -> None:
        if name not in self.known:
            self.known[name] = self.progress.add_task(name, total=total)
        self.progress.update(self.known[name], completed=done, total=total)
        if done == total:
            self.say(f"{name}: {total:,}")

    def say(self, text: str) -> None:
        """Say something where no bar can be seen."""
        if not self.progress.console.is_terminal:
            print(text, flush=True)

    def each(self, name: str, total: int) -> Callable[[], None]:
        """Give a thing of so many steps to be told of step by step."""
        self(name, 0, total)
        return partial(self.progress.advance, self.known[name])


async def _questions(cities: Sequence[Standing], much: Much, told: Bars) -> Figures:
    asked = {name: question for name, question in QUESTIONS.items() if much.only in name}
    every = told.each("questions", len(asked))
    found = {}
    for name, question in asked.items():
        found[name] = await ask_in_turns(question, cities, much.calls)
        told.say(f"{name}: {', '.join(str(row['p50_ms']) for row in found[name].values())} ms")
        every()
    return found


async def _more(city: Standing, folder: Path, much: Much, told: Bars) -> Figures:
    rates = await throughput(city, folder, told.each("questions a second", RATES), seconds=much.seconds)
    each = told.each("files of components", FILES)
    out, brought = await exports(city, each), await imports(city, folder, each, count=much.rows_in)
    return {"a_second": rates, "files": {**out, **brought}}


def _size(text: str, days_to_close: float) -> CityOf:
    cases, _, components = text.partition(":")
    return CityOf(int(cases), int(components or COMPONENTS), days_to_close)


def main() -> int:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(prog="tests.bench.places")
    parser.add_argument(
        "--sizes",
        default="100000,1000000",
        help="cases of each city, smallest first; 100000:10000 has 10,000 components",
    )
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
    sizes = [_size(text, given.days_to_close) for text in given.sizes.split(",")]
    much = Much(given.calls, only=given.only)
    results = asyncio.run(measure(FOLDER, sizes, much, keep=given.keep))
    show(results)
    OUTPUT.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"Written to {OUTPUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
