"""A seat asks to void a case that should not have been filed (申请作废)."""

from __future__ import annotations

from city_core.cases.command import Command
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.asking import ask_for
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def request_void(city: City, actor: Actor, case_id: str, command: Command, *, reason: str) -> Row:
    """Ask the shift leader to void a case, with the reason."""
    return await ask_for(city, actor, case_id, command, RequestKind.VOID, reason=reason)
