"""The shift leader sends a checked case back for rework (退回返工)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.joint.children import refuse_part_alone
from city_core.cases.record import Step, change_case
from city_core.cases.rework import rework_changes
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def send_back(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str) -> Row:
    """Have a case handled again although it passed its check; the reason is on record."""
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        await refuse_part_alone(city, case)
        if case["child_ids"]:
            raise CityProblem("CASE_HAS_PARTS", field="caseId", allowed="to send back the parts by name")
        changes = rework_changes(city, case)
        return Step(changes, opinion=said, receiver_id=case["handler_id"])

    mark = input_hash("send_back", {"opinion": said})
    return await change_case(city, actor, case_id, Action.SEND_BACK, decide, command=command, mark=mark)
