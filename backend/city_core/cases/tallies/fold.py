"""Takes ended cases into the tallies: each once, whoever is killed and however often it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pymongo import UpdateOne

from city_core.cases.tallies.counted import NEEDED, cell_in, counted_as, rows_of
from city_core.cases.tallies.model import TALLIES
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, in_transaction

BATCH = 100  # some 1,700 rows at the most: a server lets no transaction run for long
DUE = {"tally_due": True}
FIELDS = dict.fromkeys(NEEDED, 1)


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
    differences: Counter[bytes] = Counter()
    rows: dict[bytes, Row] = {}
    for case in cases:
        for counted, n in ((case.get("tally"), -1), (counted_as(case), 1)):
            for row_id, row in rows_of(counted) if counted is not None else ():
                rows[row_id] = row
                differences[row_id] += n
    await city.database.cases.bulk_write([_as_counted(case) for case in cases], session=session)
    await add_to_rows(city, differences, rows, session)


async def add_to_rows(
    city: City, differences: Mapping[bytes, int], rows: Mapping[bytes, Row], session: Session
) -> None:
    """Change rows of the tallies by these differences; a row that was never there is made."""
    writes = [
        UpdateOne({"_id": row_id}, {"$inc": {"n": n}, "$setOnInsert": rows[row_id]}, upsert=True)
        for row_id, n in sorted(differences.items())
        if n
    ]
    if writes:
        await city.database[TALLIES].bulk_write(writes, ordered=False, session=session)


def _as_counted(case: Row) -> UpdateOne:
    counted, values = counted_as(case), {"place.cell": cell_in(case["place"])}
    no_more = {"tally_due": ""} if counted is not None else {"tally_due": "", "tally": ""}
    kept = values if counted is None else {**values, "tally": counted}
    query = {"_id": case["_id"], "version": case["version"]}
    return UpdateOne(query, {"$set": kept, "$unset": no_more})
