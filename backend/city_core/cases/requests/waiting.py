"""The requests that wait for a post's review, the longest waiting first."""

from __future__ import annotations

from collections.abc import Collection

from city_core.cases.model import REVIEW_INDEX
from city_core.cases.visibility import visible_filter
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, cursor_of, instant_of, keys_of
from city_core.people.roles import Actor


async def requests_to_review(
    city: City, actor: Actor, *, first: int, after: str | None = None, fields: Collection[str] | None = None
) -> Page:
    """List the cases with a request that waits for this person's post in their streets."""
    size = checked_size(first)
    clauses: list[Row] = [
        {"review.role": actor.role.value, "place.street_code": {"$in": sorted(actor.street_codes)}},
        visible_filter(actor),
    ]
    if after is not None:
        clauses.append(_after(after))
    projection = None if fields is None else dict.fromkeys({"_id", "review", "requests", *fields}, 1)
    cursor = city.database.cases.find({"$and": clauses}, projection).hint(REVIEW_INDEX)
    rows = await cursor.sort([("review.since", 1), ("_id", 1)]).limit(size + 1).to_list(size + 1)
    return _page(rows, size)


def _page(rows: list[Row], size: int) -> Page:
    shown = rows[:size]
    end = cursor_of(shown[-1]["review"]["since"].isoformat(), shown[-1]["_id"]) if shown else None
    return Page(shown, end, len(rows) > size)


def _after(cursor: str) -> Row:
    since_text, case_id = keys_of(cursor, 2)
    since = instant_of(since_text)
    return {"$or": [{"review.since": {"$gt": since}}, {"review.since": since, "_id": {"$gt": case_id}}]}
