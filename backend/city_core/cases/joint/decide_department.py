"""A leader decides (裁定) who handles a case that the departments keep returning."""

from __future__ import annotations

from dataclasses import replace

from city_core.cases.command import Command, input_hash
from city_core.cases.dispatch import dispatch_step
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor


async def decide_department(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    department_id: str,
    officer_id: str | None = None,
    opinion: str,
) -> Row:
    """Give a case to a department for good, with the reason; from then on it cannot be returned.

    Any leader who sees the case may decide, so that the absence of the one who was asked stops nobody. A rule
    of routing is proposed from the decision, so that the next such case goes there at once.
    """
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        step = await dispatch_step(city, case, department_id, officer_id, said)
        seq = case["version"] + 1
        proposal = {"department_id": step.receiver_department_id, "decided_by": actor.person_id}
        why = reason(Why.DECIDED, returns=case["return_count"])
        return replace(
            step,
            changes={**step.changes, "is_decided": True},
            reasons=[why, *step.reasons[1:]],
            work=[WorkItem("propose_routing", f"propose_routing:{seq}", city.clock.now(), proposal)],
        )

    mark = input_hash("decide_department", {"to": [department_id, officer_id], "opinion": said})
    return await change_case(
        city, actor, case_id, Action.DECIDE_DEPARTMENT, decide, command=command, mark=mark
    )
