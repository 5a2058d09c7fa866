"""The officer gives a case back (回退): it is not theirs to handle."""

from __future__ import annotations

from city_core.cases.assign import assign_leader
from city_core.cases.command import Command, input_hash
from city_core.cases.joint.rules import joint_rules_of
from city_core.cases.record import Step, change_case
from city_core.cases.tasks_of import check_holds_task
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def return_task(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str) -> Row:
    """Return a case to the dispatcher, with the reason; the clock of the case goes on.

    When it was returned as often as the city allows, a leader decides who has it, and then for good.
    """
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        check_holds_task(case, actor, "HANDLE")
        if case["is_decided"]:
            raise CityProblem("CASE_DECIDED", allowed="to handle it, or to pass it up a level")
        returns = case["return_count"] + 1
        changes = {"task": None, "handler_id": None, "department_id": None, "return_count": returns}
        if returns < (await joint_rules_of(city, case)).returns_before_decision:
            return Step(changes, opinion=said)
        task, choice = await assign_leader(city, case)
        return Step(
            {**changes, "task": task},
            opinion=said,
            receiver_id=choice.id,
            reasons=[choice.reason],
            to=State.PENDING_DECISION,
        )

    mark = input_hash("return", {"opinion": said})
    return await change_case(city, actor, case_id, Action.RETURN, decide, command=command, mark=mark)
