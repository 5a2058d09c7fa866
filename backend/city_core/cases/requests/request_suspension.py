"""The officer or the dispatcher asks to suspend a case that cannot be handled now (申请挂账)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.cases.command import Command
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.asking import ask_for
from city_core.cases.requests.limits import Limits
from city_core.cases.requests.rules import refuse_suspension
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def request_suspension(
    city: City, actor: Actor, case_id: str, command: Command, *, until: datetime, reason: str
) -> Row:
    """Ask to suspend a case until an instant at which it goes on by itself."""

    def details(case: Row, limits: Limits, now: datetime) -> Mapping[str, Any]:
        refuse_suspension(case, limits, now, until)
        return {"until": until}

    given = {"until": until}
    return await ask_for(
        city, actor, case_id, command, RequestKind.SUSPENSION, reason=reason, given=given, details=details
    )
