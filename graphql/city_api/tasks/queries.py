"""What the one who asks has to do."""

from __future__ import annotations

import strawberry

from city_api.cases.types import Case
from city_api.context import Info
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored_fields
from city_core.tasks.queries import my_tasks


@strawberry.type(description="One page of tasks 待办, each as the case that it is about.")
class TaskConnection:
    nodes: list[Case] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type
class TaskQueries:
    @strawberry.field(graphql_type=TaskConnection, description="Your tasks 待办任务, the most urgent first.")
    async def my_tasks(self, info: Info, first: int = 20, after: str | None = None) -> object:
        context = info.context
        fields = stored_fields(info, "Case", ["nodes"])
        return await my_tasks(context.city, await context.actor(), first=first, after=after, fields=fields)
