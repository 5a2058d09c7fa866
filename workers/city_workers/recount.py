"""Counts the tallies of the map anew from the cases: `python -m city_workers.recount [--check]`.

May be run at any time and twice. With `--check` it writes nothing, prints what differs in each grid and ends
with 1 when something does; with 2 and one sentence when the city cannot be reached or is not set up.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from city_core.bootstrap import open_city
from city_core.cases.tallies.rebuild import recount
from city_core.kit.city import City
from city_core.kit.mongo import PyMongoError
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker
from city_core.settings import Settings, WrongSetting, read_settings

_TOLD_EVERY = 50  # grids


async def count_anew(city: City, *, only_check: bool) -> int:
    """Count, print what differs and a last line with the figures; answers how many differences there were."""
    began, cases, found = time.monotonic(), 0, 0
    grids = 0
    async for grid in recount(city, only_check=only_check):
        grids, cases = grids + 1, cases + grid.cases
        if grid.miscounted or grid.rows:
            found += grid.miscounted + grid.rows
            print(f"grid {grid.grid_id}: {grid.miscounted} cases and {grid.rows} rows differ", flush=True)
        if grids % _TOLD_EVERY == 0:
            print(f"{grids} grids, {cases} cases, {time.monotonic() - began:.0f} s ...", flush=True)
    print(f"{cases} cases in {grids} grids counted in {time.monotonic() - began:.1f} s, {found} differences.")
    return found


async def run(settings: Settings, *, only_check: bool) -> int:
    """Count in the city that the settings name; answers the exit code."""
    async with open_city(settings, app_name="recount", waker=QuietWaker()) as city:
        found = await count_anew(city, only_check=only_check)
    return 1 if only_check and found else 0


def main() -> int:
    """Do it from the command line."""
    asked = argparse.ArgumentParser(description="Count the tallies of the map anew from the cases.")
    asked.add_argument("--check", action="store_true", help="write nothing, print what differs")
    given = asked.parse_args()
    try:
        return asyncio.run(run(read_settings(), only_check=given.check))
    except (WrongSetting, PyMongoError) as error:
        print(why_not_started(error) or f"MongoDB did not answer: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
