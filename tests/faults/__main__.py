"""Takes everything from a running city under load and counts afterwards: `python -m tests.faults`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.besieged_city import BesiegedCity
from tests.faults.reporters import Book
from tests.faults.trial import people_on_duty, tried
from tests.faults.troubles import (
    Trouble,
    at_once,
    primary_struck,
    processes_killed,
    redis_flushed,
    redis_gone,
)

LONGEST_RECOVERY_S = 10.0
_REDIS_GONE = 0.4  # of the time, at its end; 2 of 5 minutes


def trouble_of(kind: str, seconds: float) -> Trouble:
    """Name what goes wrong in one kind of trial."""
    if kind == "primary":
        return primary_struck()
    if kind == "processes":
        return processes_killed()
    gone_s = seconds * _REDIS_GONE
    return at_once(redis_flushed(), redis_gone(gone_s - 2, after_s=seconds - gone_s))


async def _all(city: BesiegedCity, kinds: list[str], seconds: float, pause_s: float) -> bool:
    await people_on_duty(city)
    book, is_well = Book(), True
    for kind in kinds:
        began = time.monotonic()
        balance = await tried(city, trouble_of(kind, seconds), seconds=seconds, pause_s=pause_s, book=book)
        print(f"{kind}, {time.monotonic() - began:.0f} s:", flush=True)
        print(*(f"  {line}" for line in balance.lines()), sep="\n", flush=True)
        is_slow = kind == "primary" and balance.slowest_recovery_s > LONGEST_RECOVERY_S
        is_well = is_well and not any(balance.wrong.values()) and not is_slow
    return is_well


def main() -> int:
    """Run the trials one after the other in one city; 1 when anything was lost, doubled or late."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="of each trial")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two reports of one phone")
    parser.add_argument("--only", choices=("primary", "redis", "processes"), action="append")
    given = parser.parse_args()
    kinds = given.only or ["primary", "redis", "processes"]
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, BesiegedCity(Path(folder)) as city:
        is_well = asyncio.run(_all(city, kinds, given.minutes * 60, given.pause))
    print("nothing lost, nothing doubled" if is_well else "NOT AS IT MUST BE", flush=True)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
