"""A request 申请 and its reviews, as the posts see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases.words import role_name
from city_api.enums import LimitUnit, RequestKind, RequestState, Role
from city_api.people.types import Department
from city_api.requests.words import KIND_NAMES, REQUEST_STATE_NAMES
from city_api.rows import computed, stored
from city_core.cases.requests.approvals import next_reviewer
from city_core.kit.mongo import Row
from city_core.policy.parts_of_cases import sees_staff_names

if TYPE_CHECKING:
    from city_api.context import Context


def _name_of(key: str) -> Any:
    def show(row: Row, context: Context) -> Any:
        return context.names.name(row[key]) if sees_staff_names(context.viewer) else None

    return show


def _kind_name(request: Row, context: Context) -> str:
    return KIND_NAMES[RequestKind(request["kind"])][context.language == "en"]


def _state_name(request: Row, context: Context) -> str:
    return REQUEST_STATE_NAMES[RequestState(request["state"])][context.language == "en"]


def _department(request: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(request["department_id"] or ""))


@strawberry.type(description="What one post said about a request 审批意见.")
class Review:
    role: Role = stored("role")
    role_name: str = computed(lambda review, context: role_name(review["role"], context.language))
    person_name: str | None = computed(_name_of("person_id"), later=True)
    at: datetime = stored("at")
    approved: bool = stored("approved")
    opinion: str = stored("opinion")


@strawberry.type(description="What somebody asked for about a case 申请, and how it was reviewed.")
class CaseRequest:
    id: strawberry.ID = stored("id")
    kind: RequestKind = stored("kind")
    kind_name: str = computed(_kind_name)
    state: RequestState = stored("state")
    state_name: str = computed(_state_name)
    asked_role: Role = stored("asked_role")
    asked_by_name: str | None = computed(_name_of("asked_by"), later=True)
    department: Department | None = computed(_department, description="The department that asked.")
    asked_at: datetime = stored("asked_at")
    reason: str = stored("reason")
    value: int | None = stored("value", "How much time an extension 延期 asks for.")
    unit: LimitUnit | None = stored("unit", "The unit of that time: the one of the case's limit.")
    until: datetime | None = stored("until", "The end of the suspension 挂账 asked for.")
    reviews: list[Review] = stored("reviews")
    next_reviewer: Role | None = computed(
        lambda request, _: next_reviewer(request), description="The post whose review it waits for."
    )


def shown_requests(case: Row, context: Context) -> list[Row]:
    """Show the requests of a case to the posts; citizens see none."""
    return list(case.get("requests", ())) if sees_staff_names(context.viewer) else []
