"""A post reviews an extension (延期审批): the dispatcher first, then the shift leader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.command import Command
from city_core.cases.record import Step
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.reviewing import review_request
from city_core.cases.requests.rules import granted_time
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def decide_extension(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    request_id: str,
    approved: bool,
    opinion: str = "",
) -> Row:
    """Approve or refuse more time; after the second approval it is added to the limit of the case."""
    return await review_request(
        city, actor, case_id, command, RequestKind.EXTENSION,
        request_id=request_id, approved=approved, opinion=opinion, grant=_add_time,
    )  # fmt: skip


def _add_time(case: Row, request: Mapping[str, Any]) -> Step:
    # Deadlines are read from the history: the time that was added stands there as a fact.
    return Step(facts={"added": granted_time(case, request)})
