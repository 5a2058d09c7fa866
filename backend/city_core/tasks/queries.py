"""What a person is asked to do: the open tasks that cases hold for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.tasks.waiting import waits_for


async def my_tasks(
    city: City, actor: Actor, *, first: int, after: str | None = None, fields: Collection[str] | None = None
) -> Page:
    """List the cases that wait for this person: those without a deadline first, then by deadline.

    A case waits for whoever holds its task, and for each officer who still owes an answer as an assistant.
    """
    size = checked_size(first)
    query = waits_for(actor)
    if after is not None:
        query = {"$and": [query, _after(after)]}
    projection = None if fields is None else dict.fromkeys({"_id", "deadline_at", "task", *fields}, 1)
    cursor = city.database.cases.find(query, projection).sort([("deadline_at", 1), ("_id", 1)])
    return page_of(await cursor.limit(size + 1).to_list(size + 1), size, "deadline_at", "_id")


def _after(cursor: str) -> Row:
    deadline_text, case_id = keys_of(cursor, 2)
    if deadline_text is None:
        return {"$or": [{"deadline_at": None, "_id": {"$gt": case_id}}, {"deadline_at": {"$ne": None}}]}
    try:
        deadline = datetime.fromisoformat(deadline_text)
    except ValueError as error:
        raise CityProblem("PAGE_INVALID", field="after", allowed="an endCursor of this list") from error
    return {"$or": [{"deadline_at": {"$gt": deadline}}, {"deadline_at": deadline, "_id": {"$gt": case_id}}]}
