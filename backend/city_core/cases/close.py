"""A case that passed its check is closed (结案)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_text
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM, Actor


async def close_case(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str = "") -> Row:
    """Close a case as the shift leader."""
    said = checked_text(opinion, field="opinion", most=500)

    async def decide(case: Row) -> Step:
        return Step({"task": None, "closed_at": city.clock.now()}, opinion=said)

    mark = input_hash("close", {"opinion": said})
    return await change_case(city, actor, case_id, Action.CLOSE, decide, command=command, mark=mark)


async def close_by_rule(city: City, case_id: str, held: Claim) -> Row | None:
    """Close a case whose check was passed, where the city lets the rule do so; None when it was done."""
    case = await city.database.cases.find_one({"_id": case_id}, {"state": 1})
    if case is None or case["state"] != State.PENDING_CLOSING:
        return None

    async def decide(case: Row) -> Step:
        return Step({"task": None, "closed_at": city.clock.now()})

    return await change_case(city, SYSTEM, case_id, Action.CLOSE, decide, finishes=held)
