"""Somebody signs out: on this phone, or on every phone at once."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.people.devices import drop_device
from city_core.people.end_sessions import end_sessions
from city_core.people.report_position import forget_position
from city_core.people.roles import Actor
from city_core.people.standing import tell_person_changed


async def sign_out(city: City, actor: Actor) -> None:
    """End the session that asks, and stop pushing to its phone."""
    await end_sessions(city, actor.person_id, [actor.session_id], "SIGNED_OUT")
    await forget_position(city, actor.person_id)  # another phone of theirs says it again in a moment
    if actor.device_id:
        await drop_device(city, actor, actor.device_id)


async def sign_out_everywhere(city: City, actor: Actor) -> None:
    """End every session of a person in one write; what is left of them is cleared away after it."""
    await city.database.people.update_one({"_id": actor.person_id}, {"$inc": {"token_version": 1}})
    tell_person_changed(city, actor.person_id)
    await end_sessions(city, actor.person_id, None, "SIGNED_OUT_EVERYWHERE")
    await forget_position(city, actor.person_id)
    await city.database.devices.delete_many({"person_id": actor.person_id})
