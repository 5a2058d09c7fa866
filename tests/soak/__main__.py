"""`python -m tests.soak --minutes 60`: exits 1 where memory or waiting times creep up.

Prints, for each process, the slope of its memory in MB an hour after the warm-up with its standard error, and
how the p99 of reads in the last tenth of the time stands to that in the first.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Sequence

from tests.bench.figures import Figures, keep, machine, spread
from tests.bench.filling import fill
from tests.bench.memory import rss_kb
from tests.bench.town import Town, open_town
from tests.soak.load import Record, fill_what_is_bounded, keep_reading, keep_walking, listen, press
from tests.soak.trend import MOST_MB_AN_HOUR, MOST_P99_RATIO, p99_ratio, slope

_SAMPLES = 400
_PRESSED_SECONDS = 60.0
_CASES = 10_000
# Ten citizens report here what a whole town would.
_AS_MANY_CITIZENS = {"CITIZEN_REPORTS_AN_HOUR": "1000", "CITIZEN_REPORTS_A_DAY": "1000"}


async def soak(minutes: float, *, walks_a_minute: float, reads_a_second: float, warm_up: float) -> Figures:
    """Load a city of its own for so many minutes; the first part of them (0 to 1) is the warm-up."""
    async with open_town(**_AS_MANY_CITIZENS) as town:
        await _grow_up(town)
        pace = {"walks_a_minute": walks_a_minute, "reads_a_second": reads_a_second}
        return await load_town(town, minutes, **pace, warm_up=warm_up)


async def _grow_up(town: Town) -> None:
    """Make the city what it is after some days: all have signed in, and there are cases wherever one looks.

    In a city that begins empty each minute brings more to show: what the load adds would look like growth.
    """
    await town.everybody_comes(lambda done, total: print(f"{done}/{total} on duty", file=sys.stderr))
    await press(town, _PRESSED_SECONDS)
    await town.is_idle()
    await asyncio.to_thread(fill, town, _CASES, lambda done: print(f"{done} cases", file=sys.stderr))
    await town.is_tallied()
    await fill_what_is_bounded(town)
    await press(town, _PRESSED_SECONDS)


async def load_town(
    town: Town, minutes: float, *, walks_a_minute: float, reads_a_second: float, warm_up: float
) -> Figures:
    """Load a running city and say how its processes bore it."""
    await listen(town)
    record = Record()
    load = [
        asyncio.create_task(keep_reading(town, record, reads_a_second)),
        asyncio.create_task(keep_walking(town, record, walks_a_minute)),
    ]
    began = time.monotonic()
    try:
        memory = await _watch(town, minutes * 60, load)
    finally:
        for task in load:
            task.cancel()
        await asyncio.gather(*load, return_exceptions=True)
    ended = time.monotonic()
    warm = began + warm_up * (ended - began)
    return {"machine": machine(), "minutes": minutes, **figures_of(memory, record, warm, ended)}


async def _watch(
    town: Town, seconds: float, load: Sequence[asyncio.Task[None]]
) -> dict[str, list[tuple[float, float]]]:
    pids = {child.name: child.pid or 0 for child in (town.city.api, town.city.jobs, town.city.detection)}
    memory: dict[str, list[tuple[float, float]]] = {name: [] for name in pids}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name, pid in pids.items():
            held = rss_kb(pid) / 1024
            if not held:
                raise RuntimeError(f"{name} ended while it was loaded")
            memory[name].append((time.monotonic(), held))
        _say(memory, until - time.monotonic())
        with contextlib.suppress(TimeoutError):
            done, _ = await asyncio.wait(load, timeout=seconds / _SAMPLES, return_when="FIRST_COMPLETED")
            for task in done:
                task.result()
    return memory


def _say(memory: dict[str, list[tuple[float, float]]], left_seconds: float) -> None:
    """Say on the error stream how much each process holds now and how long the load still lasts."""
    held = ", ".join(f"{name} {rows[-1][1]:.1f} MB" for name, rows in memory.items())
    print(f"{left_seconds / 60:5.1f} minutes left: {held}", file=sys.stderr, flush=True)


def figures_of(
    memory: dict[str, list[tuple[float, float]]], record: Record, warm: float, ended: float
) -> Figures:
    """Make the figures of what was seen after the warm-up."""
    slopes = {name: slope([one for one in rows if one[0] >= warm]) for name, rows in memory.items()}
    answers = [one for one in record.answers if one[0] >= warm]
    ratio = p99_ratio(answers, warm, ended)
    return {
        "memory": {
            name: {
                "mb_an_hour": round(found.an_hour, 2), "error": round(found.error, 2),
                "from_mb": round(memory[name][0][1], 1), "to_mb": round(memory[name][-1][1], 1),
            }
            for name, found in slopes.items()
        },
        "reads": spread([took for _, took in answers], 0.5, 0.99),
        "p99_last_to_first_tenth": round(ratio, 2),
        "closed": record.closed,
        "walks_skipped": record.skipped,
        "faults": dict(record.faults),
        "is_steady": all(found.is_flat for found in slopes.values()) and ratio <= MOST_P99_RATIO,
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Load, print and keep the figures; 1 where they creep up."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--minutes", type=float, default=60.0)
    asked.add_argument("--walks-a-minute", type=float, default=20.0)
    asked.add_argument("--reads-a-second", type=float, default=6.0)
    asked.add_argument("--warm-up", type=float, default=0.25, help="part of the time that is not judged")
    given = asked.parse_args(arguments)
    figures = asyncio.run(
        soak(
            given.minutes, walks_a_minute=given.walks_a_minute, reads_a_second=given.reads_a_second,
            warm_up=given.warm_up,
        )
    )  # fmt: skip
    print(json.dumps(figures, indent=2))
    keep("soak", figures)
    allowed = f"{MOST_MB_AN_HOUR} MB an hour and {MOST_P99_RATIO} times the p99"
    print(f"{'Steady' if figures['is_steady'] else 'NOT steady'}: less than {allowed} is allowed.")
    return 0 if figures["is_steady"] else 1


if __name__ == "__main__":
    sys.exit(main())
