"""The shift leader asks to close a case that cannot go its way to the end (申请强制结案)."""

from __future__ import annotations

from city_core.cases.command import Command
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.asking import ask_for
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def request_forced_close(
    city: City, actor: Actor, case_id: str, command: Command, *, reason: str
) -> Row:
    """Ask a leader for the second approval of a forced close, with the reason."""
    return await ask_for(city, actor, case_id, command, RequestKind.FORCED_CLOSE, reason=reason)
