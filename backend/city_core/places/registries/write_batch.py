"""Writes a batch of checked rows: what is the same is left alone, what differs is one write with its history.

Every write holds the version that was read: a row that somebody else changes meanwhile is read again. What
people changed since the last import stays, where the file says what it said then. Rows that this very import
wrote before it was broken off are counted as what they were then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import BulkWriteError, Row
from city_core.places.registries.faults import Fault
from city_core.places.registries.given import Checked
from city_core.places.registries.kept import keep
from city_core.places.registries.known import Known, Terms
from city_core.places.registries.stored import before_of, changes_of, fields_of, redrawn
from city_core.places.registries.tables import RESPONSIBILITY_GRIDS, UNIT_GRIDS, Registry

_TRIES = 5
_DUPLICATE_KEY = 11_000


async def _nobody_else() -> None:
    return None


@dataclass(frozen=True)
class Importing:
    """Who brings rows in, by which import, when, and whether it is only tried.

    `still_ours` raises where somebody else has taken the import over. It is asked after rows were read and
    before they are written under the versions that were read: what another wrote since then stays.
    """

    import_id: str
    by: str
    at: datetime
    dry_run: bool = False
    still_ours: Callable[[], Awaitable[None]] = _nobody_else


@dataclass
class Settled:
    """What became of the rows of a batch."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Write:
    row: Checked
    kind: str
    seq: int
    operation: UpdateOne


async def write_batch(
    city: City, registry: Registry, rows: Sequence[Checked], known: Known, terms: Terms, importing: Importing
) -> Settled:
    """Write rows that were found good, refuse the others; answers how many were new, changed or the same."""
    settled = Settled()
    waiting = good = _good_ones(rows, settled)
    for _ in range(_TRIES):
        if not waiting:
            break
        writes = await _planned(city, registry, waiting, known, terms, importing, settled)
        await point("import.rows_read")
        await importing.still_ours()
        waiting = [] if importing.dry_run else await _written(city, registry, writes, importing)
        late = {row.row for row in waiting}
        for write in writes:
            if write.row.row not in late:
                setattr(settled, write.kind, getattr(settled, write.kind) + 1)
    if registry is RESPONSIBILITY_GRIDS and not importing.dry_run:
        await importing.still_ours()
        await give_grids(city, [row for row in good if not row.faults])
    for row in waiting:
        row.fault("", "此行同时被他人修改，请重新导入", "others keep changing this row; import it again")
    if waiting:
        _good_ones(waiting, settled)
    return settled


def _good_ones(rows: Sequence[Checked], settled: Settled) -> list[Checked]:
    good = [row for row in rows if not row.faults]
    settled.refused += len(rows) - len(good)
    settled.faults += [fault for row in rows for fault in row.faults]
    return good


async def _planned(
    city: City,
    registry: Registry,
    rows: Sequence[Checked],
    known: Known,
    terms: Terms,
    importing: Importing,
    settled: Settled,
) -> list[_Write]:
    """Compare rows with those on record; the same ones are counted, bad ones refused, the others planned."""
    query = {"_id": {"$in": [row.id for row in rows]}}
    found = city.database[registry.collection].find(query)
    stored: Mapping[str, Row] = {row["_id"]: row async for row in found}
    writes: list[_Write] = []
    for row in rows:
        there = stored.get(str(row.id))
        if there is None and row.faults_if_new:
            row.faults += row.faults_if_new
        changes = {} if row.faults else _wanted(registry, row, there, known, terms)
        if there is not None and not row.faults:
            told = [fault for fault in keep(registry, row, changes, there) if fault not in settled.faults]
            settled.kept += bool(told)
            settled.faults += told
        if row.faults:
            _good_ones([row], settled)
        elif there is None:
            writes.append(_Write(row, "new", 1, _insert(row, changes, importing)))
        elif changes:
            writes.append(_Write(row, "changed", _next(there), _change(registry, there, changes, importing)))
        else:
            kind = _written_before(there, importing)
            setattr(settled, kind, getattr(settled, kind) + 1)
    return writes


def _wanted(registry: Registry, row: Checked, stored: Row | None, known: Known, terms: Terms) -> Row:
    fields = fields_of(registry, row, stored, known, terms)
    if stored is None:
        return fields
    changes = changes_of(registry, fields, stored)
    if registry is UNIT_GRIDS and redrawn(changes, stored):
        row.fault("geometry", "边界有变化的网格应使用新编码，旧网格填写终止日期",
                  "a border drawn anew takes a new code; give the old one its last day")  # fmt: skip
    return changes


def _written_before(stored: Row, importing: Importing) -> str:
    """Tell what a row was when this import, broken off since, wrote it; else it is unchanged."""
    for change in reversed(stored.get("history") or ()):
        if change.get("import_id") == importing.import_id:
            return "changed" if change.get("before") else "new"
    return "unchanged"


def _insert(row: Checked, fields: Row, importing: Importing) -> UpdateOne:
    document = {**fields, "version": 1, "updated_at": importing.at, "is_invented": False}
    document["history"] = [history_row(1, importing, {}, {})]
    return UpdateOne({"_id": row.id}, {"$setOnInsert": document}, upsert=True)


def _next(stored: Row) -> int:
    return int(stored.get("version") or 0) + 1


def _change(registry: Registry, stored: Row, changes: Row, importing: Importing) -> UpdateOne:
    change = history_row(_next(stored), importing, before_of(changes, stored), changes)
    return UpdateOne(
        {"_id": stored["_id"], "version": stored.get("version")},
        {
            "$set": {**changes, **registry.marks, "version": _next(stored), "updated_at": importing.at},
            "$push": {"history": change},
        },
    )


def history_row(seq: int, importing: Importing, before: Row, after: Row) -> Row:
    """Write one row of a history: who, when, what it was before and is now; a new row has neither."""
    return {
        "seq": seq, "kind": "IMPORTED", "at": importing.at, "person_id": importing.by,
        "import_id": importing.import_id, "before": before, "after": after,
    }  # fmt: skip


async def _written(
    city: City, registry: Registry, writes: Sequence[_Write], importing: Importing
) -> list[Checked]:
    """Do the writes; answers the rows that somebody else wrote at the same time."""
    if not writes:
        return []
    outcome: Mapping[str, Any]
    try:
        operations = [write.operation for write in writes]
        done = await city.database[registry.collection].bulk_write(operations, ordered=False)
        outcome = done.bulk_api_result
    except BulkWriteError as error:
        outcome = error.details or {}
        if any(wrong["code"] != _DUPLICATE_KEY for wrong in outcome["writeErrors"]):
            raise
    new = sum(write.kind == "new" for write in writes)
    if outcome["nUpserted"] == new and outcome["nModified"] == len(writes) - new:
        return []
    return await _late_ones(city, registry, writes, importing)


async def _late_ones(
    city: City, registry: Registry, writes: Sequence[_Write], importing: Importing
) -> list[Checked]:
    """Find the rows whose history does not hold what this import was about to write."""
    query = {"_id": {"$in": [write.row.id for write in writes]}}
    found = city.database[registry.collection].find(query, {"history.import_id": 1, "history.seq": 1})
    there = {
        (row["_id"], entry.get("import_id"), entry.get("seq"))
        async for row in found
        for entry in row.get("history") or ()
    }
    return [w.row for w in writes if (w.row.id, importing.import_id, w.seq) not in there]


async def give_grids(city: City, rows: Sequence[Checked]) -> None:
    """Let the unit grids of responsibility grids know whose they are; those already told are left alone."""
    for row in rows:
        query = {
            "_id": {"$in": row.values.get("grid_codes") or []},
            "responsibility_grid_id": {"$ne": row.id},
        }
        await city.database.unit_grids.update_many(query, {"$set": {"responsibility_grid_id": row.id}})
