"""A leader supervises a case (督办)."""

from __future__ import annotations

from city_core.cases.command import Command
from city_core.cases.supervision import press
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def supervise_case(city: City, actor: Actor, case_id: str, command: Command, *, text: str) -> Row:
    """Supervise a case as a leader or shift leader: whoever has it is told what is expected."""
    return await press(city, actor, case_id, command, Action.SUPERVISE, text)
