"""Counts components into the tallies: cells in which something changed are counted anew, whole.

A component that changed says so in the write that changes it (`is_counted`), and keeps in `counted_in` the
cell in which it was counted last: both cells are due. Nothing is added up step by step, so nothing can drift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pymongo import UpdateMany

from city_core.kit.city import City
from city_core.kit.mongo import ObjectId, Row, Session, in_transaction
from city_core.places.cells import FINEST, CellRange, parent_of
from city_core.places.components.model import COMPONENTS
from city_core.places.components.tallies import COMPONENT_TALLIES, DEPARTMENTS, TALLY_LEVEL

DUE: Row = {"is_counted": {"$ne": True}, "cell": {"$gte": 0}}
DUE_INDEX = "not_counted"
DUE_FIELDS = {"_id": 0, "cell": 1, "counted_in": 1}
_BATCH = 300
_WIDTH = 4 ** (FINEST - TALLY_LEVEL)


async def fold_components(city: City) -> int:
    """Count the cells anew in which components changed; answers how many changes there were."""
    done = 0
    while True:
        folded = await in_transaction(city.database, lambda session: _fold_due(city, session))
        done += folded
        if folded < _BATCH:
            return done


def cells_due(due: Iterable[Row]) -> set[int]:
    """Name the cells that these changes touch: where each stands, and where it was counted last."""
    touched: set[int] = set()
    for row in due:
        touched.add(parent_of(row["cell"], TALLY_LEVEL))
        if row.get("counted_in") is not None:
            touched.add(row["counted_in"])
    return touched


def finest_of(tally_cells: Iterable[int]) -> list[CellRange]:
    """Give the runs of finest cells within cells of the tallies."""
    return [(cell * _WIDTH, (cell + 1) * _WIDTH) for cell in sorted(tally_cells)]


async def _fold_due(city: City, session: Session) -> int:
    components = city.database[COMPONENTS]
    found = components.find(DUE, {**DUE_FIELDS, "_id": 1}, session=session, hint=DUE_INDEX)
    due: Sequence[Row] = await found.sort([("is_counted", 1), ("cell", 1)]).limit(_BATCH).to_list(_BATCH)
    if not due:
        return 0
    cells = cells_due(due)
    rows = await _count(city, cells, session)
    tallies = city.database[COMPONENT_TALLIES]
    await tallies.delete_many({"cell": {"$in": sorted(cells)}}, session=session)
    if rows:
        await tallies.insert_many(rows, ordered=False, session=session)
    standing: dict[int, list[str]] = defaultdict(list)
    for row in due:
        standing[parent_of(row["cell"], TALLY_LEVEL)].append(row["_id"])
    counted = [
        UpdateMany({"_id": {"$in": ids}}, {"$set": {"is_counted": True, "counted_in": cell}})
        for cell, ids in standing.items()
    ]
    await components.bulk_write(counted, ordered=False, session=session)
    return len(due)


async def _count(city: City, cells: Iterable[int], session: Session) -> list[Row]:
    """Count what stands in these cells as it is now, by street, and by street and departments."""
    names = ("street_code", *DEPARTMENTS)
    group: Row = {
        "_id": {
            "cell": {"$floor": {"$divide": ["$cell", _WIDTH]}},
            "state": "$state",
            **{name: {"$ifNull": [f"${name}", None]} for name in names},
        },
        "n": {"$sum": 1},
    }
    runs = [{"cell": {"$gte": first, "$lt": after}} for first, after in finest_of(cells)]
    found = city.database[COMPONENTS].aggregate(
        [{"$match": {"$or": runs}}, {"$group": group}], hint="component_map", session=session
    )
    rows: dict[tuple[object, ...], Row] = {}
    async for counted in found:
        kind = counted["_id"]
        cell = int(kind["cell"])
        for by, told in (("street", names[:1]), ("department", names)):
            places = {name: kind[name] for name in told}
            row = rows.setdefault(
                (by, cell, *places.values()), {"_id": ObjectId(), "by": by, "cell": cell, **places, "n": {}}
            )
            row["n"][kind["state"]] = row["n"].get(kind["state"], 0) + counted["n"]
    return list(rows.values())
