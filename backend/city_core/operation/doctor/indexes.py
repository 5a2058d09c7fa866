"""Looks at the indexes: every one that the code asks for is there, as it asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beanie import Document
from pymongo import IndexModel

from city_core.kit.mongo import Row
from city_core.operation.doctor.finding import Finding, Patient, Severity, fine

_MATTER = ("unique", "sparse", "expireAfterSeconds", "partialFilterExpression")
_DO = (
    "Start one process of the city, which makes what is missing; where an index differs, drop it first"
    " (db.COLLECTION.dropIndex(NAME)), see backend/upgrading.md."
)


async def look_at_indexes(patient: Patient) -> list[Finding]:
    """Every index of the stored shapes is there."""
    findings: list[Finding] = []
    database = patient.city.database
    there = set(await database.list_collection_names())
    wanted = 0
    for shape in patient.shapes:
        name, indexes = wanted_indexes(shape)
        wanted += len(indexes)
        found = await database[name].index_information() if name in there else {}
        findings += [Finding(Severity.FAULT, says, _DO) for says in differences(name, indexes, found)]
    return findings or fine(f"All {wanted} indexes are there.")


def wanted_indexes(shape: type[Document]) -> tuple[str, list[Row]]:
    """Tell the collection of a stored shape, and its indexes as MongoDB would describe them."""
    settings: Any = shape.Settings
    indexes: list[IndexModel] = getattr(settings, "indexes", [])
    return str(settings.name), [dict(one.document) for one in indexes]


def differences(collection: str, wanted: list[Row], found: Mapping[str, Any]) -> list[str]:
    """Name each index that is missing or that was made otherwise."""
    by_keys = {_keys(one["key"]): one for one in found.values()}
    told = []
    for index in wanted:
        keys = _keys(dict(index["key"]).items())
        present = found.get(index["name"]) or by_keys.get(keys)
        if present is None:
            told.append(f"The index {index['name']} of {collection} is missing.")
        elif _keys(present["key"]) != keys or any(_of(present, one) != _of(index, one) for one in _MATTER):
            told.append(f"The index {index['name']} of {collection} is not as the code asks for it.")
    return told


def _keys(pairs: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((name, int(way) if isinstance(way, float) else way) for name, way in pairs)


def _of(index: Mapping[str, Any], option: str) -> Any:
    """Read an option; one that is off is as if it was not there."""
    return index.get(option) or None
