"""What may be asked for, and who may review it: pure rules that refuse, with what would be allowed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.cases.requests.approvals import (
    APPROVALS,
    RequestKind,
    RequestState,
    Row,
    next_reviewer,
    pending_request,
)
from city_core.cases.requests.limits import Limits
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role


def refuse_second_request(case: Row) -> None:
    """Refuse to ask while another request of the case still waits for its review."""
    waiting = pending_request(case)
    if waiting is not None:
        raise CityProblem("REQUEST_PENDING", allowed=f"asking again once {waiting['kind']} was decided on")


def refuse_officer_elsewhere(case: Row, actor: Actor) -> None:
    """Refuse an officer of any department but the one that handles, or handled, the case."""
    if actor.role is Role.OFFICER and (
        actor.department_id is None or actor.department_id != case["department_id"]
    ):
        raise CityProblem("NOT_ALLOWED", field="role", allowed="an officer of the handling department")


def limit_in_force(case: Row) -> Row:
    """Give the limit that the case's clock runs under: as filed, or as an emergency has changed it."""
    limit: Row = case["clocks"]["case"]["limit"]
    return limit


def granted_time(case: Row, request: Row) -> dict[str, Any]:
    """Give the time that an extension adds, or refuse to: the clock may run in another unit by now."""
    limit = limit_in_force(case)
    if request["unit"] != limit["unit"]:
        allowed = f"refusing it: the limit is in {limit['unit']} now, and is extended in that"
        raise CityProblem("EXTENSION_INVALID", field="approved", allowed=allowed)
    return {"value": request["value"], "unit": limit["unit"], "season": limit["season"]}


def refuse_extension(case: Row, limits: Limits, now: datetime, value: int, unit: str | None) -> None:
    """Refuse an extension that is late, too long, in another unit, or one too many; refusals do not count."""
    _refuse_beyond(case, RequestKind.EXTENSION, limits.extensions, counted=(RequestState.APPROVED,))
    if case["deadline_at"] is not None and now > case["deadline_at"]:
        raise CityProblem("DEADLINE_PASSED", allowed="asking before the deadline of the case")
    limit = limit_in_force(case)
    if unit not in (None, limit["unit"]):
        raise CityProblem("EXTENSION_INVALID", field="unit", allowed=limit["unit"])
    most = limit["value"] * limits.extension_limits
    if not 1 <= value <= most:
        raise CityProblem("EXTENSION_INVALID", field="value", allowed=f"1 to {most} {limit['unit']}")


def refuse_suspension(case: Row, limits: Limits, now: datetime, until: datetime) -> None:
    """Refuse a suspension that would end too late or in the past, or one too many."""
    _refuse_beyond(case, RequestKind.SUSPENSION, limits.suspensions, counted=(RequestState.APPROVED,))
    latest = now + timedelta(days=limits.suspension_days)
    if not now < until <= latest:
        allowed = f"after now, and not after {latest.isoformat(timespec='minutes')}"
        raise CityProblem("SUSPENSION_INVALID", field="until", allowed=allowed)


def refuse_late_suspension(request: Row, now: datetime) -> None:
    """Refuse to approve a suspension whose end has passed while it waited."""
    if request["until"] <= now:
        raise CityProblem("SUSPENSION_INVALID", field="approved", allowed="refusing it: its end has passed")


def refuse_appeal(case: Row, limits: Limits, now: datetime) -> None:
    """Refuse an appeal that comes too late, or a second one; one that was refused counts."""
    counted = (RequestState.APPROVED, RequestState.REFUSED)
    _refuse_beyond(case, RequestKind.APPEAL, limits.appeals, counted=counted)
    latest = case["closed_at"] + timedelta(days=limits.appeal_days)
    if now > latest:
        raise CityProblem("APPEAL_TOO_LATE", allowed=f"until {latest.isoformat(timespec='minutes')}")


def new_request(
    kind: RequestKind, actor: Actor, *, request_id: str, reason: str, now: datetime, given: Row
) -> dict[str, Any]:
    """Write a request down as it is kept on record; one of an officer belongs to their department."""
    return {
        "id": request_id,
        "kind": kind.value,
        "asked_by": actor.person_id,
        "asked_role": actor.role.value,
        "department_id": actor.department_id if actor.role is Role.OFFICER else None,
        "asked_at": now,
        "reason": reason,
        "value": given.get("value"),
        "unit": given.get("unit"),
        "until": given.get("until"),
        "state": RequestState.PENDING.value,
        "reviews": [],
    }


def request_to_review(case: Row, actor: Actor, kind: RequestKind, request_id: str) -> Row:
    """Find the request that somebody wants to decide on, or refuse: decided already, or not theirs."""
    request = _request(case, request_id, kind)
    role = next_reviewer(request)
    if role is None:
        raise _not_pending(request)
    if actor.role is not role:
        raise CityProblem("REVIEW_NOT_YOURS", field="role", allowed=role.value)
    if actor.person_id in {request["asked_by"], *(review["person_id"] for review in request["reviews"])}:
        raise CityProblem("REVIEW_NOT_YOURS", allowed="somebody who neither asked nor reviewed before")
    return request


def reviewed(request: Row, actor: Actor, *, approved: bool, opinion: str, now: datetime) -> dict[str, Any]:
    """Add a review: one refusal ends a request, the last approval grants it."""
    review = {
        "role": actor.role.value, "person_id": actor.person_id, "at": now, "approved": approved,
        "opinion": opinion,
    }  # fmt: skip
    after = {**request, "reviews": [*request["reviews"], review]}
    if not approved:
        return {**after, "state": RequestState.REFUSED.value}
    return {**after, "state": RequestState.APPROVED.value} if _is_last(after) else after


def withdrawn(case: Row, actor: Actor, request_id: str) -> dict[str, Any]:
    """Take a pending request back at the wish of the very person who made it."""
    request = _request(case, request_id, None)
    if request["asked_by"] != actor.person_id:
        raise CityProblem("REQUEST_NOT_YOURS", allowed="the person who asked")
    if request["state"] != RequestState.PENDING:
        raise _not_pending(request)
    return {**request, "state": RequestState.WITHDRAWN.value}


def with_request(case: Row, changed: Row) -> list[Row]:
    """List the requests of a case with one of them changed."""
    return [changed if request["id"] == changed["id"] else request for request in case["requests"]]


def _is_last(request: Row) -> bool:
    return len(request["reviews"]) == len(APPROVALS[RequestKind(request["kind"])].reviewers)


def _refuse_beyond(case: Row, kind: RequestKind, most: int, *, counted: tuple[RequestState, ...]) -> None:
    had = [row for row in case["requests"] if row["kind"] == kind and row["state"] in counted]
    if len(had) >= most:
        raise CityProblem("REQUEST_USED_UP", allowed=f"{most} of {kind} a case")


def _request(case: Row, request_id: str, kind: RequestKind | None) -> Row:
    for request in case["requests"]:
        if request["id"] == request_id and kind in (None, request["kind"]):
            return dict(request)
    raise CityProblem("REQUEST_UNKNOWN", field="requestId", allowed="the id of a request of this case")


def _not_pending(request: Row) -> CityProblem:
    return CityProblem("REQUEST_NOT_PENDING", allowed=f"nothing: it is {request['state']}")
