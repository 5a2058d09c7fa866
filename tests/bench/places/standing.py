"""A city of a size that stands ready to be asked: generated once, seeded, indexed, served over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

from city_api.app import create_app
from city_core.bootstrap import open_city
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.waking import QuietWaker
from city_core.people.open_session import sign_in_person
from city_core.people.roles import Actor, Role
from city_core.people.tokens import actor_from
from city_demo.embedded import EmbeddedMongod
from tests.api.support import running
from tests.bench.figures import Figures
from tests.bench.places.asked import Asked
from tests.bench.places.city_of import CityOf
from tests.bench.places.making import Told, forget_half_made, made_or_known
from tests.bench.places.records import NOW
from tests.bench.places.registers import Registers
from tests.conftest import settings_for
from tests.hand_clock import HandClock

CACHE_GB = "8"
ASKING = ("leader-001", "inspector-001", "officer-001")


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
    mongod: RoomyMongod
    redis_url: str
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
        layers, components = self.registers.layers, self.registers.component_types
        return Asked(
            self.city, self.people, float(lng[0]), float(lat[0]), type_code, street, self.size.days,
            layers[number % len(layers)], components[number % 5], self.http, self.kept,
        )  # fmt: skip


@asynccontextmanager
async def standing(
    folder: Path, sizes: list[CityOf], told: Told, *, redis_url: str, keep: bool
) -> AsyncIterator[list[Standing]]:
    """Make the cities that are not there yet, and open them all; without `keep` they go in the end."""
    async with AsyncExitStack() as stack:
        mongod = stack.enter_context(RoomyMongod(folder / "mongod"))
        await forget_half_made(mongod.url)
        stack.push_async_callback(forget_half_made, mongod.url)
        yield [await _stand(stack, mongod, size, told, redis_url, keep) for size in sizes]


async def _stand(
    stack: AsyncExitStack, mongod: RoomyMongod, size: CityOf, told: Told, redis_url: str, keep: bool
) -> Standing:
    settings = settings_for(mongod, redis_url, mongodb_database=size.name)
    registers, clock = Registers(), HandClock(NOW)

    def opened() -> AbstractAsyncContextManager[City]:
        return open_city(settings, app_name="bench", clock=clock, waker=QuietWaker())

    made = await made_or_known(opened, mongod.url, size, registers, told)
    city = await stack.enter_async_context(opened())
    if not keep:
        stack.push_async_callback(city.database.client.drop_database, size.name)
    figures = {**made, **await _told_of(city)}
    address = await stack.enter_async_context(running(create_app(city=city)))
    http = await stack.enter_async_context(signed_in(address, await token_of(city, "leader-001")))
    return Standing(size, mongod, redis_url, city, await _people(city), http, registers, figures)


def signed_in(address: str, token: str) -> httpx.AsyncClient:
    """Open a client of the API as somebody who signed in."""
    headers = {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=address, timeout=60, trust_env=False, headers=headers)


async def token_of(city: City, person_id: str) -> str:
    """Sign somebody in, at the hour of the city."""
    person = await city.database.people.find_one({"_id": person_id})
    return (await sign_in_person(city, person)).token


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
        "tallies": await database.case_tallies.estimated_document_count(),
        "whole_mb": round((await database.command("dbStats"))["totalSize"] / 1e6),
    }


async def _people(city: City) -> dict[str, Actor]:
    rows = city.database.people.find({"_id": {"$in": list(ASKING)}})
    people = {row["_id"]: actor_from(row) async for row in rows}
    return people | {"citizen-000001": Actor("citizen-000001", Role.CITIZEN)}
