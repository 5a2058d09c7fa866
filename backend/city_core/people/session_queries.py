"""Reads about sign-in sessions, for the person that they belong to."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.own import own_rows
from city_core.people.roles import Actor

_FIELDS = {"device_id": 1, "app": 1, "created_at": 1, "rotated_at": 1, "expires_at": 1}
_MOST = 50


async def sessions_of(city: City, actor: Actor) -> list[Row]:
    """List where a person is signed in, the last used first, each with whether it is the one that asks."""
    live = {**own_rows(actor), "ended_at": None, "expires_at": {"$gt": city.clock.now()}}
    rows = await city.database.sessions.find(live, _FIELDS).sort("rotated_at", -1).to_list(_MOST)
    return [{**row, "is_this_one": row["_id"] == actor.session_id} for row in rows]
