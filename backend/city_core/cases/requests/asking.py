"""Puts a request 申请 on record and tells the posts that have to review it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from city_core.cases.command import Command, input_hash
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.record import Step, change_case
from city_core.cases.requests.approvals import APPROVALS, RequestKind, next_reviewer
from city_core.cases.requests.limits import Limits, limits_of
from city_core.cases.requests.rules import new_request, refuse_officer_elsewhere, refuse_second_request
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion
from city_core.people.queries import on_post_in
from city_core.people.roles import Actor

Details = Callable[[Row, Limits, datetime], Mapping[str, Any]]
MOST_REVIEWERS_TOLD = 20


def _nothing_more(_: Row, __: Limits, ___: datetime) -> Mapping[str, Any]:
    return {}


async def ask_for(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    kind: RequestKind,
    *,
    reason: str,
    given: Mapping[str, Any] | None = None,
    details: Details = _nothing_more,
) -> Row:
    """Ask for something about a case, with the reason; handling goes on meanwhile.

    `given` is the rest of the command's input; `details` refuses what the rules do not allow, and gives the
    time that is asked for.
    """
    said = checked_opinion(reason)

    async def decide(case: Row) -> Step:
        refuse_officer_elsewhere(case, actor)
        refuse_second_request(case)
        now = city.clock.now()
        asked = details(case, (await limits_of(city, case)).rules, now)
        request = new_request(kind, actor, request_id=new_id(), reason=said, now=now, given=asked)
        return Step(
            {"requests": [*case["requests"], request]},
            opinion=said,
            facts={"request_id": request["id"]},
            tells=await reviewers_told(city, case, request),
        )

    mark = input_hash(f"ask:{kind}", {"reason": said, **(given or {})})
    return await change_case(city, actor, case_id, APPROVALS[kind].asks, decide, command=command, mark=mark)


async def reviewers_told(city: City, case: Row, request: Mapping[str, Any]) -> list[Notice]:
    """Find who is on duty in the case's street on the post that has to review a request next."""
    role = next_reviewer(request)
    if role is None:
        return []
    street = case["place"]["street_code"]
    apart = {request["asked_by"], *(review["person_id"] for review in request["reviews"])}
    people = await on_post_in(city, role, street, most=MOST_REVIEWERS_TOLD)
    return [Notice(person, NoticeKind.REQUEST_TO_REVIEW) for person in people if person not in apart]
