"""Whether a database has the indexes that the city's queries and its uniqueness rely on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from beanie import Document
from beanie.odm.fields import IndexModelField

from city_core.kit.mongo import Database, index_rows

_OPTIONS = ("unique", "sparse", "partialFilterExpression", "expireAfterSeconds")


def indexes_of(shape: type[Document]) -> dict[str, Mapping[str, Any]]:
    """Name the indexes of a stored shape as MongoDB is asked to make them."""
    found = IndexModelField.merge_indexes([], shape.get_settings().indexes or [])
    return {field.name: field.index.document for field in found}


async def wrong_indexes(database: Database, shapes: Iterable[type[Document]]) -> list[str]:
    """Name what is not as it should be: `people.phone is missing`, `people.phone differs`; empty if all is.

    Indexes that nobody asked for are no matter: an operator may have made them.
    """
    faults: list[str] = []
    for shape in shapes:
        collection = shape.get_settings().name or ""
        stored = {row["name"]: row for row in await index_rows(database, collection)}
        for name, wanted in indexes_of(shape).items():
            if name not in stored:
                faults.append(f"{collection}.{name} is missing")
            elif _meaning(stored[name]) != _meaning(wanted):
                faults.append(f"{collection}.{name} differs")
    return faults


def _meaning(index: Mapping[str, Any]) -> tuple[Sequence[Any], Mapping[str, Any]]:
    options = {name: index[name] for name in _OPTIONS if index.get(name, False) is not False}
    return list(index["key"].items()), options
