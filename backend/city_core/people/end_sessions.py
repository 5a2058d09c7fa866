"""Sessions end: what was signed in is so no more, from that very moment."""

from __future__ import annotations

from collections.abc import Collection

from city_core.kit.city import City
from city_core.people.standing import tell_person_changed


async def end_sessions(city: City, person_id: str, session_ids: Collection[str] | None, why: str) -> None:
    """End some sessions of a person, or all of them, and let open phones look again."""
    live = {"person_id": person_id, "ended_at": None}
    which = live if session_ids is None else {**live, "_id": {"$in": sorted(session_ids)}}
    end = {"ended_at": city.clock.now(), "ended_why": why}
    await city.database.sessions.update_many(which, {"$set": end})
    tell_person_changed(city, person_id)


async def drop_devices_signed_out(city: City, person_id: str) -> None:
    """Stop pushing to those phones of a person on which nobody is signed in any more."""
    live = {"person_id": person_id, "ended_at": None, "expires_at": {"$gt": city.clock.now()}}
    signed_in = await city.database.sessions.distinct("device_id", live)
    await city.database.devices.delete_many({"person_id": person_id, "_id": {"$nin": signed_in}})
