"""A day of a city like Linyi on this machine: `python -m tests.bench.linyi_day [--cases 1100]`.

Linyi handles about 1,100 cases a day. All of them, each with a photo before and one after, walk from report
to closing through the API; at the end it is looked behind the API whether anything was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from city_demo.phones import Seat
from tests.bench.audit import audit
from tests.bench.figures import RESULTS, Figures, keep, machine
from tests.bench.town import CHIEFS, Town, open_town
from tests.bench.whole_loop import Tally, walk_to_closing

CASES_OF_A_DAY = 1_100
UNDER_WAY = 32
STATION = 100


async def live_a_day(town: Town, count: int, progress: Progress) -> tuple[Tally, float, float]:
    """Walk this many cases through the whole loop; gives what happened, and how long it took.

    In seconds: until every case is closed and every photo looked at, and until every photo is veiled too.
    """
    began, tally = time.monotonic(), Tally()
    bar = progress.add_task("上报至结案 reported to closed", total=count)
    places = asyncio.Semaphore(UNDER_WAY)

    async def one(turn: int) -> None:
        async with places:
            case_id = await walk_to_closing(town, tally)
            chief = await town.crew.phone(CHIEFS[turn % len(CHIEFS)], Seat)
            await chief.close_case(case_id, "同意结案")
            progress.advance(bar)

    await asyncio.gather(*(one(turn) for turn in range(count)))
    looking = progress.add_task("识别 photos looked at", total=tally.photos)
    await _photos_through(town, ("process_photo", "look"), progress, looking)
    seconds = time.monotonic() - began
    veiling = progress.add_task("遮蔽 photos veiled", total=tally.photos)
    await _photos_through(town, ("veil",), progress, veiling)
    await town.is_idle()
    return tally, seconds, time.monotonic() - began


async def _photos_through(town: Town, kinds: Sequence[str], progress: Progress, bar: TaskID) -> None:
    """Wait until work of these kinds is done for all photos."""
    total = progress.tasks[bar].total or 0
    while (left := sum(map(town.city.count_work, kinds))) > 0:
        progress.update(bar, completed=max(0, total - left))
        await asyncio.sleep(0.2)
    progress.update(bar, completed=total)


async def linyi_day(count: int) -> Figures:
    """Run the whole day and give its figures."""
    figures: Figures = {"machine": machine()}
    columns = (
        TextColumn("{task.description:<46}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as progress:
        progress.console.print("Starting a city of its own …")
        async with open_town() as town:
            shift = progress.add_task("交班 on duty", total=None)
            await town.everybody_comes(
                lambda done, total: progress.update(shift, completed=done, total=total)
            )
            tally, seconds, veiled = await live_a_day(town, count, progress)
            figures |= {
                "cases": count,
                "seconds": round(seconds, 1),
                "seconds_until_all_veiled": round(veiled, 1),
                "cases_per_minute": round(count / seconds * 60, 1),
                "photos": tally.photos,
                "by_citizens": tally.by_citizens,
                "filed_by_seats": tally.filed_by_seats,
                "without_push": tally.without_push,
                "audit": audit(town.city, tally.case_ids),
            }
    return figures


def is_good(figures: Figures) -> bool:
    """Tell whether nothing was lost, stuck or done twice."""
    found = dict(figures["audit"])
    return found.pop("cases") == figures["cases"] and not any(found.values())


def main() -> int:
    """Run the day from the command line; 0 when nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.linyi_day")
    parser.add_argument("--cases", type=int, default=CASES_OF_A_DAY)
    count = parser.parse_args().cases
    figures = asyncio.run(linyi_day(count))
    keep("linyi_day" if count == CASES_OF_A_DAY else f"a_day_of_{count}_cases", figures)
    for name, value in figures.items():
        print(f"{name:<18} {value}")
    print(f"Written to {RESULTS}")
    return 0 if is_good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
