"""Which version of each rulebook is in force, and the one conditional write that puts the next one there."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row, Session, in_transaction
from city_core.kit.rulebook.model import IN_FORCE

# What is written together with the change: it is told the name of the rulebook and the new version.
Beside = Callable[[Session, str, int], Coroutine[Any, Any, None]]


async def versions_in_force(city: City) -> dict[str, int]:
    """Tell which version of each rulebook is in force."""
    row = await city.database.rules_in_force.find_one({"_id": IN_FORCE})
    return dict(row["versions"]) if row else {}


async def put_in_force(
    city: City, name: str, version: int, *, after: int, beside: Beside | None = None
) -> bool:
    """Put a version in force after the one that it was made from; says whether it is, or once was, in force.

    Whoever published something else meanwhile keeps their version: a change is never lost unseen. `beside`
    is written in the same transaction, when this call is the one that puts the version in force.
    """
    field_name = f"versions.{name}"
    if after == 0:
        await _first_row(city)
    query = {"_id": IN_FORCE, field_name: after if after else {"$exists": False}}
    change = {"$set": {field_name: version}}
    if await _written(city, query, change, name, version, beside):
        return True
    return await _was_in_force(city, name, version)


async def _written(
    city: City, query: Row, change: Row, name: str, version: int, beside: Beside | None
) -> bool:
    rules = city.database.rules_in_force
    if beside is None:
        return bool((await rules.update_one(query, change)).modified_count)

    async def write(session: Session) -> bool:
        done = await rules.update_one(query, change, session=session)
        if done.modified_count:
            await beside(session, name, version)
        return bool(done.modified_count)

    return await in_transaction(city.database, write)


async def _first_row(city: City) -> None:
    try:
        await city.database.rules_in_force.update_one(
            {"_id": IN_FORCE}, {"$setOnInsert": {"versions": {}}}, upsert=True
        )
    except DuplicateKeyError:
        return  # somebody else made it at the same moment


async def _was_in_force(city: City, name: str, version: int) -> bool:
    """Walk back from the version in force: each one names the one that it was made from."""
    current = (await versions_in_force(city)).get(name, 0)
    query = {"name": name, "version": {"$gte": version, "$lte": current}}
    rows = city.database.rulebook_versions.find(query, {"version": 1, "based_on": 1})
    based_on = {row["version"]: row["based_on"] async for row in rows}
    while current > version:
        current = based_on[current]
    return current == version
