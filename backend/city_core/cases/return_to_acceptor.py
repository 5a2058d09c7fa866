"""A filed case goes back to those who file (退回受理): its type, condition or filing is wrong."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def return_to_acceptor(
    city: City, actor: Actor, case_id: str, command: Command, *, opinion: str
) -> Row:
    """Give a case back for filing anew, with the reason; it keeps its number, and a person files it."""
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        # No rule files it again: the rule would only repeat what the dispatcher has just refused.
        changes = {"task": None, "department_id": None, "handler_id": None}
        return Step(changes, opinion=said, drops_work={"dispatch"})

    mark = input_hash("return_to_acceptor", {"opinion": said})
    return await change_case(
        city, actor, case_id, Action.RETURN_TO_ACCEPTOR, decide, command=command, mark=mark
    )
