"""Reads of the registries: rows by their code or name, and what became of one row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, cursor_of, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.places.registries.sight import Sight
from city_core.places.registries.tables import Registry, registry_named

_LAST = "\uffff"
_PREFIXED = frozenset({"points", "grid_elements"})
_CODE = re.compile(r"[0-9A-Za-z_:-]+")
_NOT_SHOWN = {"history": 0, "shape": 0, "grid_codes": 0, "stream_address": 0}


@dataclass(frozen=True)
class Looked:
    """What is looked for: the beginning of a code or of a name, a layer, a street, a state."""

    registry: str
    prefix: str = ""
    layer: str | None = None
    street: str | None = None
    state: str | None = None


async def places(city: City, sight: Sight, looked: Looked, *, first: int, after: str | None) -> Page:
    """List rows of a registry whose code or name begins with a text, in that order."""
    registry = registry_named(looked.registry)
    size = checked_size(first)
    prefix = checked_text(looked.prefix, field="prefix", most=60)
    by_code = not prefix or bool(_CODE.fullmatch(prefix))
    order = ["_id"] if by_code else ["name_zh", "_id"]
    wanted: list[Row] = [sight.filter(registry), *_wanted(registry, looked)]
    wanted.append(_begins(registry, looked, prefix) if by_code else {"name_zh": _from(prefix)})
    if after is not None:
        wanted.append(_after(order, keys_of(after, len(order))))
    query = {"$and": [part for part in wanted if part] or [{}]}
    found = city.database[registry.collection].find(query, _NOT_SHOWN)
    rows = await found.sort([(name, 1) for name in order]).to_list(size + 1)
    return page_of(rows, size, *order)


def _wanted(registry: Registry, looked: Looked) -> list[Row]:
    wanted: list[Row] = []
    if looked.street is not None:
        own = _from(looked.street) if registry.name == "divisions" else looked.street
        wanted.append({registry.street: own})
    if looked.state is not None:
        if "state" not in registry.by_name:
            raise CityProblem("REQUEST_INVALID", field="state", allowed="a registry whose rows have states")
        wanted.append({"state": looked.state})
    if looked.layer is not None:
        if "layer" not in registry.by_name:
            raise CityProblem("REQUEST_INVALID", field="layer", allowed="only with the registry points")
        wanted.append({"layer": looked.layer})
    return wanted


def _begins(registry: Registry, looked: Looked, prefix: str) -> Row:
    if registry.name in _PREFIXED and looked.layer is not None:
        return {"_id": _from(f"{looked.layer}:{prefix}")}
    return {"_id": _from(prefix)} if prefix else {}


def _from(prefix: str) -> Row:
    return {"$gte": prefix, "$lt": prefix + _LAST}


def _after(order: list[str], keys: list[str | None]) -> Row:
    if len(order) == 1:
        return {"_id": {"$gt": keys[0]}}
    name, last = keys
    return {"$or": [{"name_zh": {"$gt": name}}, {"name_zh": name, "_id": {"$gt": last}}]}


async def place_history(
    city: City, sight: Sight, registry_name: str, row_id: str, *, first: int, after: str | None
) -> Page:
    """List what became of one row, the newest change first; one that is not seen is not there."""
    registry = registry_named(registry_name)
    size = checked_size(first)
    theirs = {"$and": [{"_id": {"$eq": row_id}}, sight.filter(registry)]}
    row = await city.database[registry.collection].find_one(theirs, {"history": 1})
    if row is None:
        raise CityProblem("PLACE_NOT_FOUND", field="id")
    entries = row.get("history") or []
    end = _older_than(after, len(entries))
    start = max(0, end - size)
    return Page(list(reversed(entries[start:end])), cursor_of(str(start)), start > 0)


def _older_than(after: str | None, count: int) -> int:
    """Read how many of the oldest entries are still to be shown: histories only grow at their end."""
    if after is None:
        return count
    [held] = keys_of(after, 1)
    if held is None or not held.isdecimal() or len(held) > 9:
        raise CityProblem("PAGE_INVALID", field="after", allowed="an endCursor of this list")
    return min(count, int(held))
