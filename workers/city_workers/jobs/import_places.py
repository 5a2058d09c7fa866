"""Job: a file of places is brought into its registry."""

from __future__ import annotations

from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.people.queries import departments
from city_core.places.registries import bring_in
from city_core.places.registries.known import Outside


async def do(city: City, held: Claim) -> bool:
    return await bring_in.bring_in(city, held, await outside_of(city))


async def give_up(city: City, held: Claim) -> bool:
    return await bring_in.give_up(city, held)


async def outside_of(city: City) -> Outside:
    """Tell what the city knows beside its places."""
    catalogue = (await catalogue_of(city)).rules
    names = {code: row["name_zh"] for code, row in catalogue.types.items() if row["kind"] == "component"}
    return Outside(names, frozenset(row["_id"] for row in await departments(city)))
