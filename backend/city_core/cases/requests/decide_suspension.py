"""The shift leader reviews a suspension (挂账审批)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.command import Command
from city_core.cases.record import Step
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.reviewing import review_request
from city_core.cases.requests.rules import refuse_late_suspension
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor


async def decide_suspension(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    request_id: str,
    approved: bool,
    opinion: str = "",
) -> Row:
    """Suspend a case until the instant asked for, or refuse to; it goes on by itself at that instant."""

    def suspend(case: Row, request: Mapping[str, Any]) -> Step:
        refuse_late_suspension(request, city.clock.now())
        changes = {
            "suspended_until": request["until"],
            "suspended_from": case["state"],
            "suspended_task": case["task"],
            "task": None,
        }
        work = [WorkItem("resume", f"resume:{request['id']}", request["until"])]
        return Step(changes, to=State.SUSPENDED, work=work, facts={"until": request["until"]})

    return await review_request(
        city, actor, case_id, command, RequestKind.SUSPENSION,
        request_id=request_id, approved=approved, opinion=opinion, grant=suspend,
    )  # fmt: skip
