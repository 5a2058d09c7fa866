"""The handling department asks for more time (申请延期)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.cases.command import Command
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.asking import ask_for
from city_core.cases.requests.limits import Limits
from city_core.cases.requests.rules import limit_in_force, refuse_extension
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def request_extension(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    value: int,
    unit: str | None = None,
    reason: str,
) -> Row:
    """Ask for `value` more units of the case's own limit, before it runs out.

    Whoever asked in time is not harmed by a review that comes late: the approval counts from the deadline.
    """

    def details(case: Row, limits: Limits, now: datetime) -> Mapping[str, Any]:
        refuse_extension(case, limits, now, value, unit)
        return {"value": value, "unit": limit_in_force(case)["unit"]}

    given = {"value": value, "unit": unit}
    return await ask_for(
        city, actor, case_id, command, RequestKind.EXTENSION, reason=reason, given=given, details=details
    )
