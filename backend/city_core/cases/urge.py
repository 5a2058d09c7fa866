"""A seat urges whoever has a case (催办)."""

from __future__ import annotations

from city_core.cases.command import Command
from city_core.cases.supervision import press
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def urge_case(city: City, actor: Actor, case_id: str, command: Command, *, text: str) -> Row:
    """Urge whoever has a case to get on with it."""
    return await press(city, actor, case_id, command, Action.URGE, text)
