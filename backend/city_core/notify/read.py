"""A message was read."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.notify.acknowledge import acknowledge_message
from city_core.notify.acknowledgement import Acknowledgement
from city_core.people.roles import Actor


async def mark_read(city: City, actor: Actor, message_id: str) -> Row:
    """Note that a person has read a message of their own; the first time counts."""
    return await acknowledge_message(city, actor, message_id, Acknowledgement.READ)
