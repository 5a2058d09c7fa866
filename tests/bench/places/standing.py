"""A city of a size that stands ready to be asked: generated once, seeded, indexed, served over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

from city_api.app import create_app
from city_core.bootstrap import open_city
from city_core.cases.tallies.rebuild import recount
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.waking import QuietWaker
from city_core.people.open_session import sign_in_person
from city_core.people.roles import Actor, Role
from city_core.people.tokens import actor_from
from city_demo.embedded import EmbeddedMongod
from city_seed.display import open_display
from city_seed.load import load_into, prepare
from tests.api.support import running
from tests.bench.figures import Figures
from tests.bench.places.city_of import NOW, CityOf, Registers, fill
from tests.bench.places.questions import Asked
from tests.conftest import settings_for
from tests.hand_clock import HandClock

CACHE_GB = "1.5"
GENERATED = ("cases", "components", "points")
ASKING = ("leader-001", "inspector-001", "officer-001")
MADE_BY = 2  # another number makes cities anew that were kept
Told = Callable[[str, int, int], None]


class RoomyMongod(EmbeddedMongod):
    """A mongod that may keep more in memory than that of a demo."""

    def _arguments(self) -> list[str]:
        given = super()._arguments()
        given[given.index("--wiredTigerCacheSizeGB") + 1] = CACHE_GB
        return given


@dataclass
class Standing:
    """A city that was made, and how one asks it; `figures` say what it took and what it holds."""

    size: CityOf
    city: City
    people: dict[str, Actor]
    http: httpx.AsyncClient
    registers: Registers
    figures: Figures
    kept: dict[str, str | None] = field(default_factory=dict)

    def asking(self, number: int) -> Asked:
        """Give the asking of a number: the same place and type in a city of any size."""
        dice = np.random.default_rng((number, 99))
        lng, lat, grid = self.registers.ground.draw(dice, 1)
        street = self.registers.places.unit_grids[grid[0]]["street_code"]
        type_code = self.registers.types[int(dice.integers(0, 12))]
        place = float(lng[0]), float(lat[0])
        return Asked(self.city, self.people, *place, type_code, street, self.size.days, self.http, self.kept)


@asynccontextmanager
async def standing(
    folder: Path, sizes: list[CityOf], told: Told, *, redis_url: str, keep: bool
) -> AsyncIterator[list[Standing]]:
    """Make the cities that are not there yet, and open them all; without `keep` they go in the end."""
    async with AsyncExitStack() as stack:
        mongod = stack.enter_context(RoomyMongod(folder / "mongod"))
        yield [await _stand(stack, mongod, size, told, redis_url, keep) for size in sizes]


async def _stand(
    stack: AsyncExitStack, mongod: EmbeddedMongod, size: CityOf, told: Told, redis_url: str, keep: bool
) -> Standing:
    settings = settings_for(mongod, redis_url, mongodb_database=size.name)
    registers = Registers()
    clock = HandClock(NOW)
    async with open_city(settings, app_name="bench", clock=clock, waker=QuietWaker()) as city:
        marker = {"_id": size.name, "made_by": MADE_BY}
        known = await city.database.bench_made.find_one(marker)
        if known is None:
            known = {**marker, "figures": await _make(city, mongod.url, size, told)}
    began = time.monotonic()
    city = await stack.enter_async_context(
        open_city(settings, app_name="bench", clock=clock, waker=QuietWaker())
    )
    known["figures"].setdefault("indexes_s", round(time.monotonic() - began, 1))
    if "tallies_s" not in known["figures"]:
        began = time.monotonic()
        async for _ in recount(city):
            pass
        known["figures"]["tallies_s"] = round(time.monotonic() - began, 1)
    await city.database.bench_made.replace_one({"_id": size.name}, known, upsert=True)
    if not keep:
        stack.push_async_callback(city.database.client.drop_database, size.name)
    figures = {**known["figures"], **await _told_of(city)}
    address = await stack.enter_async_context(running(create_app(city=city)))
    person = await city.database.people.find_one({"_id": "leader-001"})
    headers = {"authorization": f"Bearer {(await sign_in_person(city, person)).token}"}
    http = await stack.enter_async_context(
        httpx.AsyncClient(base_url=address, timeout=60, trust_env=False, headers=headers)
    )
    return Standing(size, city, await _people(city), http, registers, figures)


async def _make(city: City, url: str, size: CityOf, told: Told) -> Figures:
    with open_display(quiet=True) as display:
        await load_into(city, prepare(), display)
    for name in GENERATED:
        await city.database.drop_collection(name)  # its indexes are built over the whole in the end
    done, total = 0, size.cases + size.components + size.points

    def tell(more: int) -> None:
        nonlocal done
        done += more
        told(size.name, done, total)

    began = time.monotonic()
    await asyncio.to_thread(fill, url, size, tell)
    return {"filled_s": round(time.monotonic() - began, 1)}


async def _told_of(city: City) -> Figures:
    database = city.database
    stats = await database.command("collStats", "cases")
    return {
        "cases": stats["count"],
        "open": await database.cases.count_documents({"state": {"$in": sorted(OPEN_STATES)}}),
        "components": await database.components.estimated_document_count(),
        "bytes_a_case": round(stats["avgObjSize"]),
        "on_disk_mb": round(stats["storageSize"] / 1e6),
        "indexes_mb": round(stats["totalIndexSize"] / 1e6),
    }


async def _people(city: City) -> dict[str, Actor]:
    rows = city.database.people.find({"_id": {"$in": list(ASKING)}})
    people = {row["_id"]: actor_from(row) async for row in rows}
    return people | {"citizen-000001": Actor("citizen-000001", Role.CITIZEN)}
