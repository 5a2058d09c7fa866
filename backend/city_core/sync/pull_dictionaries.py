"""What phones look things up in, part by part: only those that are not as the phone has them."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

import orjson

from city_core.catalogue.catalogue import catalogue_of
from city_core.catalogue.queries import today
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.queries import departments
from city_core.people.roles import Actor, Role
from city_core.places.queries import divisions_near, grids_of
from city_core.sync.checkpoint import read, written
from city_core.sync.pull import MOST_DOCUMENTS, Pulled

_NAMED = ("_id", "name_zh", "name_en", "level", "area_code")


class DictionaryPart(StrEnum):
    """One of the lists that a phone looks things up in."""

    CASE_TYPES = "CASE_TYPES"  # with their filing conditions and limits
    DEPARTMENTS = "DEPARTMENTS"
    DIVISIONS = "DIVISIONS"
    GRIDS = "GRIDS"  # those of the person


async def pull_dictionaries(city: City, actor: Actor, *, checkpoint: str | None, limit: int) -> Pulled:
    """Give out the lists that changed since a checkpoint; without one, all of them.

    A document is `{_id, deleted, version, document}`, its document the rows of the list. The version of a
    list is made of its rows, so that it is another exactly when they are.
    """
    if not 1 <= limit <= MOST_DOCUMENTS:
        raise CityProblem("PAGE_INVALID", field="limit", allowed=f"1 to {MOST_DOCUMENTS}")
    known = _versions(checkpoint)
    parts = {part: await read_part(city, actor) for part, read_part in _PARTS.items()}
    versions = {part.value: _version(rows) for part, rows in parts.items()}
    changed = [part for part in parts if known.get(part) != versions[part]]
    shown = changed[:limit]
    documents = [
        {"_id": part.value, "deleted": False, "version": versions[part], "document": parts[part]}
        for part in shown
    ]
    has_more = len(changed) > limit
    told = {part: version for part, version in versions.items() if part not in changed[limit:]}
    return Pulled(documents, written(told), has_more)


async def _case_types(city: City, actor: Actor) -> list[Row]:
    catalogue = (await catalogue_of(city)).rules
    return [{**row, "conditions": catalogue.conditions(row["_id"])} for row in catalogue.offered(today(city))]


async def _departments(city: City, actor: Actor) -> list[Row]:
    rows = await departments(city)
    return [{name: row.get(name) for name in _NAMED} for row in rows]


async def _divisions(city: City, actor: Actor) -> list[Row]:
    return await divisions_near(city, actor.street_codes)


async def _grids(city: City, actor: Actor) -> list[Row]:
    return await grids_of(city, actor.grid_ids) if actor.role is Role.INSPECTOR else []


_PARTS: Mapping[DictionaryPart, Callable[[City, Actor], Awaitable[list[Row]]]] = {
    DictionaryPart.CASE_TYPES: _case_types,
    DictionaryPart.DEPARTMENTS: _departments,
    DictionaryPart.DIVISIONS: _divisions,
    DictionaryPart.GRIDS: _grids,
}


def _versions(checkpoint: str | None) -> Mapping[str, str]:
    if checkpoint is None:
        return {}
    found = read(checkpoint)
    if not isinstance(found, dict):
        raise CityProblem("CHECKPOINT_INVALID", field="checkpoint", allowed="a checkpoint of this scope")
    return found


def _version(rows: list[Row]) -> str:
    return hashlib.sha256(orjson.dumps(rows, default=str)).hexdigest()[:12]
