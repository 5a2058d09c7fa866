"""Finds keys that are stored though the register of what the city keeps does not know them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from city_core.kit.mongo import Database
from city_core.privacy.register import register


@cache
def _registered() -> Mapping[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for row in register():
        known.setdefault(row.store, set()).add(row.field)
    return {store: frozenset(fields) for store, fields in known.items()}


async def unregistered_keys(database: Database) -> set[str]:
    """Read everything that is stored; name each key that no row of the register covers."""
    unknown = set()
    for name in set(await database.list_collection_names()) - {"system.profile"}:
        fields = _registered().get(name, frozenset())
        async for row in database[name].find({}):
            unknown |= {f"{name}.{path}" for path in paths_in(row) if not _is_known(path, fields)}
    return unknown


def _is_known(path: str, fields: frozenset[str]) -> bool:
    parts = path.split(".")
    within = any(".".join(parts[:count]) in fields for count in range(1, len(parts) + 1))
    return within or any(field.startswith(f"{path}.") for field in fields)


def paths_in(row: Any, path: str = "") -> set[str]:
    """List the paths of all stored keys in a row, numbers of lists left out."""
    if isinstance(row, dict) and row:
        inner = [(value, f"{path}.{name}" if path else name) for name, value in row.items()]
        return {one for value, where in inner for one in paths_in(value, where)}
    if isinstance(row, list) and row:
        return {one for value in row for one in paths_in(value, path)}
    return {path}
