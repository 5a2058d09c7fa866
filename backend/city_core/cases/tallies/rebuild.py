"""Counts everything anew from the cases themselves: one responsibility grid after the other.

May be done at any time and as often as one likes: a difference is added to a row in the transaction that
found it, so that what is folded meanwhile is neither lost nor counted twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice

from city_core.cases.tallies.counted import Kind, counted_as, kinds_of
from city_core.cases.tallies.fold import FIELDS, Differences, add_to_rows, fold_cases
from city_core.cases.tallies.model import TALLIES
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.places.cells import cell_of

_BATCH = 1_000
_MOST_ROWS = 10_000  # of one transaction: a server lets none run for long
_GRID = "place.responsibility_grid_id"


@dataclass(frozen=True)
class Recounted:
    """What was found in one grid: cases seen, those counted as something else, rows with a wrong number."""

    grid_id: str | None
    cases: int
    miscounted: int
    rows: int


async def recount(city: City, *, only_check: bool = False) -> AsyncIterator[Recounted]:
    """Number missing cells, count what is not counted, correct the rows; `only_check` writes nothing."""
    grids = {*await city.database.cases.distinct(_GRID), *await city.database[TALLIES].distinct(_GRID[6:])}
    if await city.database.cases.find_one({_GRID: None}, {"_id": 1}) is not None:
        grids.add(None)
    for grid_id in sorted(grids, key=str):
        cases, miscounted = await _count_cases(city, grid_id, only_check)
        yield Recounted(grid_id, cases, miscounted, await _correct_rows(city, grid_id, only_check))


async def _count_cases(city: City, grid_id: str | None, only_check: bool) -> tuple[int, int]:
    seen, miscounted, after = 0, 0, ""
    while True:

        async def count_next(session: Session, since: str = after) -> tuple[int, int, str]:
            return await _batch(city, grid_id, since, only_check, session)

        found, wrong, after = await in_transaction(city.database, count_next)
        seen, miscounted = seen + found, miscounted + wrong
        if found < _BATCH:
            return seen, miscounted


async def _batch(
    city: City, grid_id: str | None, after: str, only_check: bool, session: Session
) -> tuple[int, int, str]:
    query = {_GRID: grid_id, "_id": {"$gt": after}}
    cursor = city.database.cases.find(query, {**FIELDS, "tally_due": 1}, session=session)
    cases: list[Row] = await cursor.sort("_id", 1).limit(_BATCH).to_list(_BATCH)
    wrong = [case for case in cases if _is_wrong(case)]
    if not only_check:
        await fold_cases(city, wrong, session)
    silent = [case for case in wrong if not case.get("tally_due")]
    return len(cases), len(silent), cases[-1]["_id"] if cases else after


def _is_wrong(case: Row) -> bool:
    place = case["place"]
    numbered = place.get("cell") == cell_of(*place["point"]["coordinates"])
    return not numbered or counted_as(case) != case.get("tally")


async def _correct_rows(city: City, grid_id: str | None, only_check: bool) -> int:
    async def correct(session: Session) -> int:
        return await _rows(city, grid_id, only_check, session)

    found = left = await in_transaction(city.database, correct)
    while left > _MOST_ROWS and not only_check:
        left = await in_transaction(city.database, correct)
    return found


async def _rows(city: City, grid_id: str | None, only_check: bool, session: Session) -> int:
    """Compare the rows of a grid with what its cases are counted as, and add what they differ by."""
    differences: Differences = Counter()
    query = {_GRID: grid_id, "tally": {"$type": "object"}}
    async for case in city.database.cases.find(query, {"tally": 1}, session=session):
        for kind in kinds_of(case["tally"]):
            differences[kind, case["tally"]["state"]] += 1
    kept, empty, wrong_empty = {kind for kind, _ in differences}, [], 0
    async for row in city.database[TALLIES].find({_GRID[6:]: grid_id}, session=session):
        kind = Kind(*(row[name] for name in Kind._fields))
        if kind not in kept:
            empty.append(row["_id"])
            wrong_empty += any(row["n"].values())
            continue
        for state, n in row["n"].items():
            differences[kind, state] -= n
    wrong = {row: n for row, n in differences.items() if n}
    if not only_check:
        await add_to_rows(city, Counter(dict(islice(wrong.items(), _MOST_ROWS))), session)
        await city.database[TALLIES].delete_many({"_id": {"$in": empty}}, session=session)
    return len(wrong) + wrong_empty
