"""A leader gives or refuses the second approval of a forced close (强制结案审批)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.command import Command
from city_core.cases.record import Step
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.resume import NOT_SUSPENDED
from city_core.cases.requests.reviewing import review_request
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor

_POINTLESS_WORK = frozenset({"dispatch", "request_check", "close", "resume"})


async def decide_forced_close(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    request_id: str,
    approved: bool,
    opinion: str = "",
) -> Row:
    """Close a case where it stands, or let it go on; on record it stays a forced close."""

    def close(_: Row, __: Mapping[str, Any]) -> Step:
        changes = {
            **NOT_SUSPENDED, "task": None, "closed_at": city.clock.now(), "is_forced_close": True,
        }  # fmt: skip
        return Step(changes, to=State.CLOSED, drops_work=_POINTLESS_WORK)

    return await review_request(
        city, actor, case_id, command, RequestKind.FORCED_CLOSE,
        request_id=request_id, approved=approved, opinion=opinion, grant=close,
    )  # fmt: skip
