"""The field's words for requests, in Chinese and in English."""

from __future__ import annotations

from city_core.cases.requests.approvals import RequestKind, RequestState

Words = tuple[str, str]

KIND_NAMES: dict[RequestKind, Words] = {
    RequestKind.EXTENSION: ("延期", "Extension"),
    RequestKind.SUSPENSION: ("挂账", "Suspension"),
    RequestKind.VOID: ("作废", "Voiding"),
    RequestKind.FORCED_CLOSE: ("强制结案", "Forced close"),
    RequestKind.APPEAL: ("申诉", "Appeal"),
}

REQUEST_STATE_NAMES: dict[RequestState, Words] = {
    RequestState.PENDING: ("待审批", "Waiting for review"),
    RequestState.APPROVED: ("已同意", "Approved"),
    RequestState.REFUSED: ("已驳回", "Refused"),
    RequestState.WITHDRAWN: ("已撤回", "Withdrawn, by its maker or because the case went on"),
}
