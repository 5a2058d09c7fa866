"""The shift leader reviews whether a case is voided (作废审批)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.command import Command
from city_core.cases.record import Step
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.reviewing import review_request
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def decide_void(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    request_id: str,
    approved: bool,
    opinion: str = "",
) -> Row:
    """Void a case, which ends it, or let it go on."""

    def end(_: Row, __: Mapping[str, Any]) -> Step:
        return Step({"task": None, "closed_at": city.clock.now()}, to=State.VOID, drops_work={"dispatch"})

    return await review_request(
        city, actor, case_id, command, RequestKind.VOID,
        request_id=request_id, approved=approved, opinion=opinion, grant=end,
    )  # fmt: skip
