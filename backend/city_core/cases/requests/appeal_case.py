"""The department that handled a closed case appeals against how it counts (申诉)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.cases.command import Command
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.asking import ask_for
from city_core.cases.requests.limits import Limits
from city_core.cases.requests.rules import refuse_appeal
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def appeal_case(city: City, actor: Actor, case_id: str, command: Command, *, reason: str) -> Row:
    """Appeal within some days after the closing; what happened stays on record either way."""

    def details(case: Row, limits: Limits, now: datetime) -> Mapping[str, Any]:
        refuse_appeal(case, limits, now)
        return {}

    return await ask_for(city, actor, case_id, command, RequestKind.APPEAL, reason=reason, details=details)
