"""A post reviews an appeal (申诉审核): the shift leader first, then a leader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.command import Command
from city_core.cases.record import Step
from city_core.cases.requests.approvals import RequestKind
from city_core.cases.requests.reviewing import review_request
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def decide_appeal(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    request_id: str,
    approved: bool,
    opinion: str = "",
) -> Row:
    """Uphold or refuse an appeal; upheld, only the figures leave the case out, the facts stay."""
    return await review_request(
        city, actor, case_id, command, RequestKind.APPEAL,
        request_id=request_id, approved=approved, opinion=opinion, grant=_exempt,
    )  # fmt: skip


def _exempt(_: Row, __: Mapping[str, Any]) -> Step:
    return Step({"is_exempt_from_figures": True})
