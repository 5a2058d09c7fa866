"""Reads of the inbox."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.people.own import own_rows
from city_core.people.roles import Actor

_FIELDS = {
    "kind": 1, "case_id": 1, "seq": 1, "created_at": 1, "read_at": 1, "answer": 1, "acknowledgements": 1,
    "rungs": 1,
}  # fmt: skip


async def inbox(city: City, actor: Actor, *, first: int, after: str | None = None) -> Page:
    """List a person's messages, newest first, a page at a time."""
    size = checked_size(first)
    query: Row = own_rows(actor)
    if after is not None:
        query["_id"] = {"$lt": keys_of(after, 1)[0]}
    cursor = city.database.inbox_messages.find(query, _FIELDS).sort("_id", -1)
    return page_of(await cursor.limit(size + 1).to_list(size + 1), size, "_id")


async def messages_since(city: City, actor: Actor, message_id: str, *, most: int = 100) -> list[Row]:
    """List a person's messages after one of them, oldest first."""
    query = {**own_rows(actor), "_id": {"$gt": message_id}}
    cursor = city.database.inbox_messages.find(query, _FIELDS).sort("_id", 1)
    return await cursor.limit(most).to_list(most)


async def unread_count(city: City, actor: Actor) -> int:
    """Count a person's unread messages."""
    query = {**own_rows(actor), "read_at": None}
    return await city.database.inbox_messages.count_documents(query)
