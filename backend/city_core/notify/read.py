"""A message was read."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor


async def mark_read(city: City, actor: Actor, message_id: str) -> Row:
    """Note that a person has read a message of their own; the first time counts."""
    own = {"_id": message_id, "person_id": actor.person_id}
    await city.database.inbox_messages.update_one(
        {**own, "read_at": None}, {"$set": {"read_at": city.clock.now()}}
    )
    message: Row | None = await city.database.inbox_messages.find_one(own, {"work": 0, "pushes": 0})
    if message is None:
        raise CityProblem("MESSAGE_UNKNOWN", field="messageId", allowed="an id of your inbox")
    return message
