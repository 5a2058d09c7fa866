"""Counts components in the cells of an area: from the tallies where these can tell, else one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.places.cells import FINEST, CellRange, parent_of
from city_core.places.components.fold import DUE, DUE_FIELDS, DUE_INDEX, cells_due, finest_of
from city_core.places.components.model import COMPONENTS
from city_core.places.components.tallies import COMPONENT_TALLIES, TALLIED_COMPONENTS, TALLY_LEVEL

_MOST_DUE = 300  # after a large import, until it is counted, components are counted one by one
_MOST_MS = 5_000


@dataclass(frozen=True)
class TalliedQuery:
    """Which rows of the tallies to add up: by states, in parts of streets and departments, none twice."""

    by: str
    states: Collection[str]
    parts: Sequence[Row]


async def count_tallied(
    city: City, wanted: TalliedQuery, ranges: Sequence[CellRange], level: int
) -> dict[int, int] | None:
    """Count in cells of a level no finer than the tallies'; None while too much is not counted yet.

    Cells in which something changed since are counted from the components, so that the answer is never old.
    """
    components = city.database[COMPONENTS]
    found = components.find(DUE, DUE_FIELDS, hint=DUE_INDEX, max_time_ms=_MOST_MS)
    due = await found.limit(_MOST_DUE + 1).to_list(_MOST_DUE + 1)
    if len(due) > _MOST_DUE:
        return None
    touched = cells_due(due)
    counts: dict[int, int] = {}
    await _add_rows(city, wanted, ranges, level, touched, counts)
    within = [
        cell
        for cell, (own, end) in zip(sorted(touched), finest_of(touched), strict=True)
        if any(own < after and first < end for first, after in ranges)
    ]
    if within:
        await _add_components(city, wanted, within, level, counts)
    return {cell: n for cell, n in counts.items() if n}


async def _add_rows(
    city: City,
    wanted: TalliedQuery,
    ranges: Sequence[CellRange],
    level: int,
    touched: Collection[int],
    counts: dict[int, int],
) -> None:
    runs = [
        {"cell": {"$gte": parent_of(first, TALLY_LEVEL), "$lte": parent_of(after - 1, TALLY_LEVEL)}}
        for first, after in ranges
    ]
    of_states = [{"$ifNull": [f"$n.{state}", 0]} for state in sorted(wanted.states)]
    for part in wanted.parts:
        query = {"$or": [{"by": wanted.by, **part, **run} for run in runs]}
        pipeline: list[Row] = [
            {"$match": query},
            {"$group": {"_id": "$cell", "n": {"$sum": {"$add": of_states}}}},
        ]
        found = city.database[COMPONENT_TALLIES].aggregate(
            pipeline, hint=TALLIED_COMPONENTS, maxTimeMS=_MOST_MS
        )
        async for row in found:
            if row["_id"] not in touched:
                cell = parent_of(row["_id"], level, of=TALLY_LEVEL)
                counts[cell] = counts.get(cell, 0) + row["n"]


async def _add_components(
    city: City, wanted: TalliedQuery, cells: Sequence[int], level: int, counts: dict[int, int]
) -> None:
    only = {"state": {"$in": sorted(wanted.states)}}
    width = 4 ** (FINEST - level)
    for part in wanted.parts:
        runs = [{**part, **only, "cell": {"$gte": first, "$lt": end}} for first, end in finest_of(cells)]
        group: Row = {"_id": {"$floor": {"$divide": ["$cell", width]}}, "n": {"$sum": 1}}
        found = city.database[COMPONENTS].aggregate(
            [{"$match": {"$or": runs}}, {"$group": group}], hint="component_map", maxTimeMS=_MOST_MS
        )
        async for row in found:
            cell = int(row["_id"])
            counts[cell] = counts.get(cell, 0) + row["n"]
