"""The table of requests 申请: who may ask for what, which posts review it and in which order.

A request makes sense as long as the case stands where it can still be decided on. The step that takes the
case elsewhere closes it as withdrawn, so that it never waits for anybody in vain and never blocks the loop:
handling goes on beside it. Only in a merged case it sleeps, as the merge can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from city_core.cases.vocabulary import Action, State
from city_core.cases.workflow import TRANSITIONS
from city_core.people.roles import Role

Row = Mapping[str, Any]


class RequestKind(StrEnum):
    """What is asked for."""

    EXTENSION = "EXTENSION"  # 延期
    SUSPENSION = "SUSPENSION"  # 挂账
    VOID = "VOID"  # 作废
    FORCED_CLOSE = "FORCED_CLOSE"  # 强制结案
    APPEAL = "APPEAL"  # 申诉


class RequestState(StrEnum):
    """How far a request has come."""

    PENDING = "PENDING"  # 待审批
    APPROVED = "APPROVED"  # 已同意
    REFUSED = "REFUSED"  # 已驳回
    WITHDRAWN = "WITHDRAWN"  # 已撤回: by its maker, or by the step that made it pointless


@dataclass(frozen=True)
class Approval:
    """The steps by which a request is made and decided on, and the posts that review it in turn."""

    asks: Action
    decides: Action
    reviewers: tuple[Role, ...]

    @property
    def lives_in(self) -> frozenset[State]:
        """Name the states in which such a request can be decided on."""
        return frozenset(state for state, action in TRANSITIONS if action is self.decides)


APPROVALS: Mapping[RequestKind, Approval] = {
    RequestKind.EXTENSION: Approval(
        Action.REQUEST_EXTENSION, Action.DECIDE_EXTENSION, (Role.DISPATCHER, Role.SHIFT_LEADER)
    ),
    RequestKind.SUSPENSION: Approval(
        Action.REQUEST_SUSPENSION, Action.DECIDE_SUSPENSION, (Role.SHIFT_LEADER,)
    ),
    RequestKind.VOID: Approval(Action.REQUEST_VOID, Action.DECIDE_VOID, (Role.SHIFT_LEADER,)),
    RequestKind.FORCED_CLOSE: Approval(
        Action.REQUEST_FORCED_CLOSE, Action.DECIDE_FORCED_CLOSE, (Role.LEADER,)
    ),
    RequestKind.APPEAL: Approval(Action.APPEAL, Action.DECIDE_APPEAL, (Role.SHIFT_LEADER, Role.LEADER)),
}


def next_reviewer(request: Row) -> Role | None:
    """Name the post whose review a request waits for; None when it was decided on."""
    if request["state"] != RequestState.PENDING:
        return None
    return APPROVALS[RequestKind(request["kind"])].reviewers[len(request["reviews"])]


def pending_request(case: Row) -> Row | None:
    """Find the one request of a case that still waits for a review."""
    waiting = (request for request in case["requests"] if request["state"] == RequestState.PENDING)
    return next(waiting, None)


def is_pointless(request: Row, state: State, department_id: str | None) -> bool:
    """Tell whether a pending request lost its sense: not to be decided here, or another unit's case."""
    if state is State.MERGED:
        return False
    if state not in APPROVALS[RequestKind(request["kind"])].lives_in:
        return True
    return request["department_id"] not in (None, department_id)


def settled_requests(case: Row, to_state: State) -> dict[str, Any]:
    """Close what the step that leads here made pointless, and note whose review the case waits for now.

    Gives the fields of the case that this concerns, and nothing for a case without a pending request.
    """
    if pending_request(case) is None and case["review"] is None:
        return {}
    requests = [_settled(request, to_state, case["department_id"]) for request in case["requests"]]
    return {"requests": requests, "review": _review(requests, to_state)}


def _settled(request: Row, state: State, department_id: str | None) -> Row:
    if request["state"] == RequestState.PENDING and is_pointless(request, state, department_id):
        return {**request, "state": RequestState.WITHDRAWN.value}
    return request


def _review(requests: Sequence[Row], state: State) -> dict[str, Any] | None:
    waiting = pending_request({"requests": requests})
    if waiting is None or state is State.MERGED:
        return None
    role = next_reviewer(waiting)
    assert role is not None
    since: datetime = waiting["reviews"][-1]["at"] if waiting["reviews"] else waiting["asked_at"]
    return {"role": role.value, "since": since}
