"""Takes ended cases into the tallies: each once, whoever is killed and however often it is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from pymongo import UpdateOne

from city_core.cases.tallies.counted import NEEDED, Kind, cell_in, counted_as, kinds_of
from city_core.cases.tallies.model import TALLIES
from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import Row, Session, in_transaction

BATCH = 100  # 1,300 rows at the most: a server lets no transaction run for long
DUE = {"tally_due": True}
FIELDS = dict.fromkeys(NEEDED, 1)
Differences = Counter[tuple[Kind, str]]  # by row and state


async def fold_tallies(city: City) -> int:
    """Count the cases that ended since the last time, a batch a transaction; answers how many there were."""
    done = 0
    while True:
        folded = await in_transaction(city.database, lambda session: _fold_due(city, session))
        done += folded
        if folded < BATCH:
            return done


async def _fold_due(city: City, session: Session) -> int:
    found = city.database.cases.find(DUE, FIELDS, session=session, hint="tally_due")
    cases = await found.limit(BATCH).to_list(BATCH)
    await fold_cases(city, cases, session)
    return len(cases)


async def fold_cases(city: City, cases: Sequence[Row], session: Session) -> None:
    """Count these cases as they are now, in place of what they were counted as before.

    `cases` were read in the same transaction, so that a case which takes a step meanwhile undoes all of it.
    """
    if not cases:
        return
    differences: Differences = Counter()
    for case in cases:
        for counted, n in ((case.get("tally"), -1), (counted_as(case), 1)):
            if counted is not None:
                for kind in kinds_of(counted):
                    differences[kind, counted["state"]] += n
    writes = [as_counted(case) for case in cases]
    await city.database.cases.bulk_write(writes, ordered=False, session=session)
    await point("tallies.half_folded")
    await add_to_rows(city, differences, session)


async def add_to_rows(city: City, differences: Differences, session: Session) -> None:
    """Change rows of the tallies by these differences; a row that was never there is made."""
    rows: dict[Kind, dict[str, int]] = defaultdict(dict)
    for (kind, state), n in differences.items():
        if n:
            rows[kind][state] = n
    if not rows:
        return
    named = {kind.id: kind for kind in rows}
    tallies = city.database[TALLIES]
    there = {
        row["_id"] async for row in tallies.find({"_id": {"$in": list(named)}}, {"_id": 1}, session=session)
    }
    made = [
        {"_id": row_id, **kind._asdict(), "n": rows[kind]}
        for row_id, kind in named.items()
        if row_id not in there
    ]
    if made:
        await tallies.insert_many(made, ordered=False, session=session)
    more = [
        UpdateOne({"_id": row_id}, {"$inc": {f"n.{state}": n for state, n in rows[named[row_id]].items()}})
        for row_id in sorted(there)
    ]
    if more:
        await tallies.bulk_write(more, ordered=False, session=session)


def as_counted(case: Row, only: Row | None = None) -> UpdateOne:
    """Write to a case what it is counted as, if it is still as it was read."""
    values = {"place.cell": cell_in(case["place"]), "tally": counted_as(case), "tally_due": False}
    query = {"_id": case["_id"], "version": case["version"], **(only or {})}
    return UpdateOne(query, {"$set": values})
