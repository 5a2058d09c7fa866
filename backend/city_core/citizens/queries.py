"""Reads of points 积分."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row, Session
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.people.own import own_rows
from city_core.people.roles import Actor


async def balance_of(city: City, person_id: str, session: Session | None = None) -> int:
    """Add up a person's points."""
    total: list[Row] = [
        {"$match": {"person_id": person_id}},
        {"$group": {"_id": None, "points": {"$sum": "$points"}}},
    ]
    rows = await city.database.point_entries.aggregate(total, session=session).to_list(1)
    return int(rows[0]["points"]) if rows else 0


async def point_entries(city: City, actor: Actor, *, first: int, after: str | None = None) -> Page:
    """List a person's own gains and losses, newest first, a page at a time."""
    size = checked_size(first)
    query: Row = own_rows(actor)
    if after is not None:
        query["_id"] = {"$lt": keys_of(after, 1)[0]}
    cursor = city.database.point_entries.find(query).sort("_id", -1)
    return page_of(await cursor.limit(size + 1).to_list(size + 1), size, "_id")
