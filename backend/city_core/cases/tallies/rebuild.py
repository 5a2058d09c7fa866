"""Counts everything anew from the cases themselves: one responsibility grid after the other.

May be done at any time, as often as one likes, and be killed. First cases that nobody is to fold are told
what they count as; then rows are corrected by what they differ from their cases. A fold changes both alike in
one transaction, so that a row that is still as it was read is wrong by the same number still.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from pymongo import DeleteOne, UpdateOne

from city_core.cases.tallies.counted import Kind, counted_as, kinds_of
from city_core.cases.tallies.fold import FIELDS, as_counted
from city_core.cases.tallies.model import TALLIES
from city_core.kit.city import City
from city_core.kit.mongo import BulkWriteError, Row
from city_core.places.cells import cell_of

_BATCH = 1_000
_MOST_TURNS = 20  # of one grid, where others fold into the same rows all the time
_GRID = "place.responsibility_grid_id"
_NOT_DUE = {"tally_due": {"$ne": True}}
_DUPLICATE = 11000


@dataclass(frozen=True)
class Recounted:
    """What was found in one grid: cases seen, those counted as something else, rows with a wrong number."""

    grid_id: str | None
    cases: int
    miscounted: int
    rows: int


@dataclass
class _Rows:
    """Rows of a grid as they are, and as they should be."""

    found: dict[bytes, dict[str, int]] = field(default_factory=dict)
    right: dict[bytes, dict[str, int]] = field(default_factory=dict)
    kinds: dict[bytes, Kind] = field(default_factory=dict)

    def wrong(self) -> list[bytes]:
        """Name the rows with a wrong number; one that holds nothing need not be there."""
        every = sorted(self.found.keys() | self.right.keys())
        return [one for one in every if _filled(self.found.get(one)) != self.right.get(one, {})]


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
        query = {_GRID: grid_id, "_id": {"$gt": after}}
        cursor = city.database.cases.find(query, {**FIELDS, "tally_due": 1}).sort("_id", 1)
        cases: list[Row] = await cursor.limit(_BATCH).to_list(_BATCH)
        wrong = [case for case in cases if not case.get("tally_due") and _is_wrong(case)]
        if wrong and not only_check:
            writes = [as_counted(case, _NOT_DUE) for case in wrong]
            await city.database.cases.bulk_write(writes, ordered=False)
        seen, miscounted = seen + len(cases), miscounted + len(wrong)
        if len(cases) < _BATCH:
            return seen, miscounted
        after = cases[-1]["_id"]


def _is_wrong(case: Row) -> bool:
    place = case["place"]
    numbered = place.get("cell") == cell_of(*place["point"]["coordinates"])
    return not numbered or counted_as(case) != case.get("tally")


async def _correct_rows(city: City, grid_id: str | None, only_check: bool) -> int:
    rows = await _compare(city, grid_id)
    found = wrong = rows.wrong()
    for _ in range(0 if only_check else _MOST_TURNS):
        if not wrong:
            break
        await _write(city, rows, wrong)
        rows = await _compare(city, grid_id)
        wrong = rows.wrong()
    return len(found)


async def _compare(city: City, grid_id: str | None) -> _Rows:
    """Read the rows of a grid and what its cases are counted as, both as of one instant."""
    rows, numbers = _Rows(), Counter[tuple[Kind, str]]()
    async with await city.database.client.start_session(snapshot=True) as session:
        query = {_GRID: grid_id, "tally": {"$type": "object"}}
        async for case in city.database.cases.find(query, {"tally": 1}, session=session):
            for kind in kinds_of(case["tally"]):
                numbers[kind, case["tally"]["state"]] += 1
        async for row in city.database[TALLIES].find({_GRID[6:]: grid_id}, {"n": 1}, session=session):
            rows.found[row["_id"]] = row["n"]
    by_kind: dict[Kind, dict[str, int]] = defaultdict(dict)
    for (kind, state), n in numbers.items():
        by_kind[kind][state] = n
    for kind, right in by_kind.items():
        row_id = kind.id
        rows.kinds[row_id], rows.right[row_id] = kind, right
    return rows


async def _write(city: City, rows: _Rows, wrong: Sequence[bytes]) -> None:
    """Write the wrong rows anew; what somebody was faster to change is for the next turn."""
    made = [
        {"_id": one, **rows.kinds[one]._asdict(), "n": rows.right[one]}
        for one in wrong
        if one not in rows.found
    ]
    if made:
        try:
            await city.database[TALLIES].insert_many(made, ordered=False)
        except BulkWriteError as error:
            if any(one["code"] != _DUPLICATE for one in (error.details or {})["writeErrors"]):
                raise
    changed = [
        UpdateOne(_as_read(rows, one), {"$set": {"n": rows.right[one]}})
        if one in rows.right
        else DeleteOne(_as_read(rows, one))
        for one in wrong
        if one in rows.found
    ]
    if changed:
        await city.database[TALLIES].bulk_write(changed, ordered=False)


def _as_read(rows: _Rows, row_id: bytes) -> Row:
    return {"_id": row_id, "n": rows.found[row_id]}


def _filled(numbers: dict[str, int] | None) -> dict[str, int]:
    return {state: n for state, n in (numbers or {}).items() if n}
