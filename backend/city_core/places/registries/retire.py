"""Rows that a file lacks are retired, never deleted: those of the same kind in the same places."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pymongo import UpdateOne

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.places.elements.rights import is_unseen_by_importers
from city_core.places.registries.given import Checked
from city_core.places.registries.tables import GRID_ELEMENTS, Registry
from city_core.places.registries.write_batch import Importing, history_row

_BATCH = 1_000
# What a file is about, beside the places that its rows lie in.
_KIND_OF = {"components": "type_code", "points": "layer", "grid_elements": "kind"}


def scope_of(registry: Registry, rows: Sequence[Checked]) -> list[str]:
    """Name what rows are about: a kind and a street, or the division above."""
    return sorted({scope for row in rows if (scope := _scope(registry, row)) is not None})


def _scope(registry: Registry, row: Checked) -> str | None:
    if registry.name == "divisions":
        return row.values.get("parent_code")
    if registry.name == "unit_grids":
        return row.values.get("community_code")
    if registry is GRID_ELEMENTS and is_unseen_by_importers(row.values):
        return None  # no file has all of them: of those that this one lacks it says nothing
    kind, street = row.values.get(_KIND_OF.get(registry.name, "")), row.place.get("street_code")
    return f"{kind} {street}" if kind and street else None


def _query(registry: Registry, scope: str) -> Row:
    if registry.name == "divisions":
        return {"parent_code": scope}
    if registry.name == "unit_grids":
        return {"community_code": scope}
    kind, street = scope.split(" ")
    return {_KIND_OF[registry.name]: kind, "street_code": street}


async def retire_missing(
    city: City,
    registry: Registry,
    scopes: Sequence[str],
    seen: Collection[str],
    importing: Importing,
    day: str,
) -> int:
    """Retire what is on record within the scopes and stands in no row of the file; answers how many rows."""
    if registry.retired is None:
        return 0
    name, value = registry.retired
    wanted = value or day
    retired = 0
    fields = {name: 1, "version": 1, "history": {"$slice": -1}}
    for scope in scopes:
        writes: list[UpdateOne] = []
        async for row in city.database[registry.collection].find(_query(registry, scope), fields):
            if row["_id"] in seen or (row.get(name) and _is_over(row[name], value, wanted)):
                retired += _ours(row, importing) and row["_id"] not in seen
                continue
            writes.append(_retire(registry, row, name, wanted, importing))
            if len(writes) >= _BATCH:
                retired += await _do(city, registry, writes, importing)
                writes = []
        retired += await _do(city, registry, writes, importing)
    return retired


def _is_over(now: str, value: str, wanted: str) -> bool:
    return now == value if value else now <= wanted


def _ours(row: Row, importing: Importing) -> bool:
    last: Row = next(iter(row.get("history") or ()), {})
    return last.get("import_id") == importing.import_id and last.get("kind") == "RETIRED"


def _retire(registry: Registry, row: Row, name: str, wanted: str, importing: Importing) -> UpdateOne:
    seq = int(row.get("version") or 0) + 1
    change = history_row(seq, importing, {name: row.get(name)}, {name: wanted}) | {"kind": "RETIRED"}
    return UpdateOne(
        {"_id": row["_id"], "version": row.get("version")},
        {
            "$set": {name: wanted, **registry.marks, "version": seq, "updated_at": importing.at},
            "$push": {"history": change},
        },
    )


async def _do(city: City, registry: Registry, writes: Sequence[UpdateOne], importing: Importing) -> int:
    if not writes or importing.dry_run:
        return len(writes)
    await importing.still_ours()
    done = await city.database[registry.collection].bulk_write(list(writes), ordered=False)
    return int(done.modified_count)
