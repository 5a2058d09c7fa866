"""Makes a city of a size: generated, indexed, its ended cases counted."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from city_core.cases.tallies.rebuild import recount
from city_core.kit.city import City
from city_core.kit.mongo import connect
from city_core.places.components.fold import fold_components
from city_seed.display import open_display
from city_seed.load import load_into, prepare
from tests.bench.figures import Figures
from tests.bench.places.city_of import CityOf, fill
from tests.bench.places.entries import feed_row
from tests.bench.places.officers import shifts_of
from tests.bench.places.records import NOW
from tests.bench.places.registers import Registers

GENERATED = ("cases", "components", "points", "sync_entries")
MADE_BY = {"_id": "made", "by": 2}  # another number makes cities anew that were kept
PREFIX = "places_"
Told = Callable[[str, int, int], None]
Opened = Callable[[], AbstractAsyncContextManager[City]]


async def made_or_known(opened: Opened, url: str, size: CityOf, registers: Registers, told: Told) -> Figures:
    """Make a city unless it was kept; answers how many seconds each part took."""
    async with opened() as city:
        known = await city.database.bench_made.find_one(MADE_BY)
        if known is not None:
            return dict(known["figures"])
        figures: Figures = {"filled_s": await _seconds(_fill(city, url, size, registers, told))}
    began = time.monotonic()
    async with opened() as city:  # opening builds the indexes
        figures["indexes_s"] = round(time.monotonic() - began, 1)
        figures["tallied_s"] = await _seconds(_tally(city, size, told))
        await city.database.bench_made.insert_one({**MADE_BY, "figures": figures})
    return figures


async def forget_half_made(url: str) -> None:
    """Drop the cities that were left unfinished, by a bench that was stopped or killed."""
    client = connect(url, app_name="bench")
    try:
        for name in await client.list_database_names():
            if name.startswith(PREFIX) and await client[name].bench_made.find_one(MADE_BY) is None:
                await client.drop_database(name)
    finally:
        client.close()


async def _fill(city: City, url: str, size: CityOf, registers: Registers, told: Told) -> None:
    with open_display(quiet=True) as display:
        await load_into(city, prepare(), display)
    await city.database.people.insert_many(registers.hired)
    await city.database.shifts.insert_many(shifts_of(registers.hired, NOW))
    await city.database.sync_feed.insert_one(feed_row(size.cases))
    for name in GENERATED:
        await city.database.drop_collection(name)  # its indexes are built over the whole in the end
    done, total, stopping = 0, size.cases + size.components + size.points, threading.Event()

    def tell(more: int) -> None:
        nonlocal done
        done += more
        told(size.name, done, total)

    filling = asyncio.ensure_future(asyncio.to_thread(fill, url, size, registers, tell, stopping))
    try:
        await asyncio.shield(filling)
    except asyncio.CancelledError:
        stopping.set()
        with contextlib.suppress(Exception):
            await filling
        raise


async def _tally(city: City, size: CityOf, told: Told) -> None:
    """Count the ended cases, as an operator would after a move."""
    grids, done = await city.database.responsibility_grids.count_documents({}), 0
    async for _ in recount(city):
        done += 1
        told(f"{size.name}, tallies", done, max(grids, done))
    await fold_components(city)


async def _seconds(doing: Awaitable[object]) -> float:
    began = time.monotonic()
    await doing
    return round(time.monotonic() - began, 1)
