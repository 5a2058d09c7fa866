"""The requests that wait for the viewer's review."""

from __future__ import annotations

import strawberry

from city_api.cases.types import Case
from city_api.context import Info
from city_api.paging import PageInfo, page_info
from city_api.requests.types import CaseRequest
from city_api.rows import computed, stored_fields
from city_core.cases.requests.approvals import pending_request
from city_core.cases.requests.waiting import requests_to_review


@strawberry.type(description="A request 申请 that waits for your review, and its case.")
class RequestToReview:
    request: CaseRequest = computed(lambda case, _: pending_request(case))
    case: Case = computed(lambda case, _: case)


@strawberry.type(description="One page of requests to review 待审批.")
class RequestConnection:
    nodes: list[RequestToReview] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type
class RequestQueries:
    @strawberry.field(
        graphql_type=RequestConnection,
        description="What waits for your post's review in your streets 待审批, the longest waiting first.",
    )
    async def requests_to_review(self, info: Info, first: int = 20, after: str | None = None) -> object:
        context = info.context
        fields = stored_fields(info, "Case", ["nodes", "case"])
        return await requests_to_review(
            context.city, await context.actor(), first=first, after=after, fields=fields
        )
