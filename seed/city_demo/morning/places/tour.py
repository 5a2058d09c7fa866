"""When the cases are through, phones show what the city knows of places; a line of the result for each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from city_demo.morning.crew import Crew
from city_demo.morning.places.census import take_census
from city_demo.morning.places.live_map import look_at_map
from city_demo.morning.places.nearest import ask_for_nearest
from city_demo.morning.places.not_right import NotRight
from city_demo.morning.places.registries import keep_registries
from city_demo.morning.places.where import ask_where
from city_demo.morning.walk import Walk
from city_demo.morning.watch import Stuck
from city_demo.phones import NoAnswer, Refused

_LIMIT_S = 60.0


async def tour_places(crew: Crew, walks: Sequence[Walk], problems: list[str]) -> list[str]:
    """Play what there is to see of places; adds a sentence to the problems for each part that went wrong."""
    parts: Sequence[tuple[str, Callable[[], Awaitable[str]]]] = (
        ("一张图 Map", lambda: look_at_map(crew)),
        ("普查 Census", lambda: take_census(crew)),
        ("登记 Registries", lambda: keep_registries(crew)),
        ("就近 Nearest", lambda: ask_for_nearest(crew, walks)),
        ("定位 Where", lambda: ask_where(crew, walks)),
    )
    lines = [_signs(walks)]
    for name, play in parts:
        try:
            async with asyncio.timeout(_LIMIT_S):
                lines.append(f"{name}: {await play()}")
        except (NotRight, Stuck, NoAnswer, Refused) as problem:
            problems.append(f"{name}: {problem}")
        except TimeoutError:
            problems.append(f"{name}: not over within {_LIMIT_S:.0f} s.")
    return lines


def _signs(walks: Sequence[Walk]) -> str:
    counts = sum((walk.twist.counts for walk in walks), Counter[str]())
    sheet = f"printed as a PDF of {counts['sheet_bytes'] / 1000:.0f} KB"
    made = f"{counts['signs']} made, {sheet}; {counts['scanned']} scanned"
    toilets = f"{counts['toilets']} toilets, nearest {counts['toilet_m']} m, {counts['open_toilets']} open"
    report = f"reported from it with place and component filled in {counts['filled_in']}"
    around = f"{counts['around']} points around ({toilets})"
    return f"标牌 Signs: {made}, {around}; {report}; forged refused {counts['forged']}"
