"""Puts a review of a request on record; the last approval does what was asked for, in the same step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.requests.approvals import APPROVALS, RequestKind, RequestState
from city_core.cases.requests.asking import reviewers_told
from city_core.cases.requests.rules import request_to_review, reviewed, with_request
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion, checked_text
from city_core.people.roles import Actor

Grant = Callable[[Row, Mapping[str, Any]], Step]


async def review_request(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    kind: RequestKind,
    *,
    request_id: str,
    approved: bool,
    opinion: str,
    grant: Grant,
) -> Row:
    """Approve or refuse a request as the post whose turn it is; a refusal needs its reason.

    `grant` says what the last approval does to the case, from the case and the request.
    """
    said = checked_text(opinion, field="opinion", most=500) if approved else checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        request = request_to_review(case, actor, kind, request_id)
        after = reviewed(request, actor, approved=approved, opinion=said, now=city.clock.now())
        step = grant(case, after) if after["state"] == RequestState.APPROVED else Step()
        is_final = after["state"] != RequestState.PENDING
        return replace(
            step,
            changes={**step.changes, "requests": with_request(case, after)},
            opinion=said,
            facts={"request_id": request_id, "approved": approved, "final": is_final, **step.facts},
            tells=[*step.tells, *await reviewers_told(city, case, after)],
        )

    mark = input_hash(f"review:{kind}", {"request": request_id, "approved": approved, "opinion": said})
    return await change_case(
        city, actor, case_id, APPROVALS[kind].decides, decide, command=command, mark=mark
    )
