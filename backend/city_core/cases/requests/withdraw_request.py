"""Whoever asked for something takes the request back (撤回申请)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.requests.rules import with_request, withdrawn
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


async def withdraw_request(
    city: City, actor: Actor, case_id: str, command: Command, *, request_id: str, opinion: str = ""
) -> Row:
    """Take one's own request back while it still waits for a review."""
    said = checked_text(opinion, field="opinion", most=500)

    async def decide(case: Row) -> Step:
        request = withdrawn(case, actor, request_id)
        return Step({"requests": with_request(case, request)}, opinion=said, facts={"request_id": request_id})

    mark = input_hash("withdraw_request", {"request": request_id, "opinion": said})
    return await change_case(
        city, actor, case_id, Action.WITHDRAW_REQUEST, decide, command=command, mark=mark
    )
