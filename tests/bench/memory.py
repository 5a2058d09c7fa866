"""How much memory the processes of a city hold, each with all that it started, as /proc tells."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from city_demo.embedded.sessions import family
from tests.bench.figures import Figures
from tests.journey.running_city import RunningCity

_PAUSE_S = 0.25  # a look takes some milliseconds; a child of the darkroom lives about so long
_PROC = Path("/proc")


def rss_kb(pid: int) -> int:
    """Give the resident memory of one process; 0 once it has ended."""
    with contextlib.suppress(OSError):
        status = (_PROC / str(pid) / "status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) if "VmRSS:" in status else 0
    return 0


def tree_mb(pid: int) -> float:
    """Give the resident memory of a process and all below it; pages that they share count for each."""
    return sum(rss_kb(member.pid) for member in family(pid)) / 1024


@asynccontextmanager
async def watched(city: RunningCity) -> AsyncIterator[Figures]:
    """Watch the processes of a city; the figures are complete once the block has ended."""
    pids = {child.name: child.pid or 0 for child in (city.api, city.jobs, city.detection)}
    figures: Figures = {name: {"before_mb": round(tree_mb(pid), 1)} for name, pid in pids.items()}
    most = {name: 0.0 for name in pids}

    async def look() -> None:
        while True:
            for name, pid in pids.items():
                most[name] = max(most[name], tree_mb(pid))
            await asyncio.sleep(_PAUSE_S)

    watching = asyncio.create_task(look())
    try:
        yield figures
    finally:
        watching.cancel()
    for name, pid in pids.items():
        assert pid and rss_kb(pid), f"{name} ended while it was watched."
        figures[name] |= {"most_mb": round(most[name], 1), "after_mb": round(tree_mb(pid), 1)}
