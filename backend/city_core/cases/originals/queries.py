"""Reads of the audit of originals: for whoever watches those who read them."""

from __future__ import annotations

from typing import Any

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.originals.model import COLLECTION
from city_core.cases.originals.rights import readings_filter
from city_core.kit.city import City
from city_core.kit.ids import checked_client_id
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.people.roles import Actor

_SHOWN = dict.fromkeys(
    (
        "media_id", "case_id", "person_id", "role", "device_id", "origin", "address", "reason",
        "read_at", "opened_at", "last_opened_at", "openings",
    ),
    1,
)  # fmt: skip


async def page_of_readings(
    city: City, actor: Actor, *, media_id: str | None = None, first: int, after: str | None = None
) -> Page:
    """List who read which original and why, the newest first, as far as somebody watches over it."""
    size = checked_size(first)
    query: dict[str, Any] = readings_filter(actor)
    if media_id is not None:
        query["media_id"] = checked_client_id(media_id, "mediaId")
    if after is not None:
        query["_id"] = {"$lt": keys_of(after, 1)[0]}
    cursor = city.database[COLLECTION].find(query, _SHOWN).sort("_id", -1)
    page = page_of(await cursor.limit(size + 1).to_list(size + 1), size, "_id")
    shown = Subject(Kind.PEOPLE, query.get("media_id", ""), [row["_id"] for row in page.rows])
    await record(city, actor, Deed(Verb.READINGS_LISTED, shown))
    return page
