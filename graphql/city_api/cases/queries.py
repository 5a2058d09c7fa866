"""Reads of cases: one, a page, those nearby."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import CaseFilterInput, PointInput
from city_api.cases.types import Case, CaseConnection, ListedCases, NearCase
from city_api.context import Info
from city_api.rows import stored_fields
from city_core.cases.queries import CaseFilter, count_cases, find_case, nearest_cases, page_of_cases
from city_core.kit.instants import instant_or_utc
from city_core.kit.mongo import Row


def _as_asked(given: CaseFilterInput | None) -> CaseFilter:
    given = given or CaseFilterInput()
    return CaseFilter(
        states=given.states,
        type_code=given.type_code,
        street_code=given.street_code,
        community_code=given.community_code,
        department_id=given.department_id,
        reported_from=instant_or_utc(given.reported_from, "reportedFrom"),
        reported_to=instant_or_utc(given.reported_to, "reportedTo"),
        late=given.late,
        mine=given.mine,
        merged=given.merged,
    )


@strawberry.type
class CaseQueries:
    @strawberry.field(
        graphql_type=Case | None, description="One case; nothing when it is not there or not yours to see."
    )
    async def case(self, info: Info, id: strawberry.ID) -> Row | None:
        context = info.context
        return await find_case(context.city, await context.actor(), id, stored_fields(info, "Case"))

    @strawberry.field(graphql_type=CaseConnection, description="A page of the cases that you may see.")
    async def cases(
        self,
        info: Info,
        filter: CaseFilterInput | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> ListedCases:
        city, actor, asked = info.context.city, await info.context.actor(), _as_asked(filter)
        fields = stored_fields(info, "Case", ["nodes"])
        page = await page_of_cases(city, actor, asked, first=first, after=after, fields=fields)
        return ListedCases(page, lambda: count_cases(city, actor, asked))

    @strawberry.field(graphql_type=list[NearCase], description="The open cases nearest to a point.")
    async def nearest_cases(self, info: Info, point: PointInput, first: int = 20) -> list[Row]:
        context = info.context
        return await nearest_cases(
            context.city,
            await context.actor(),
            lng=point.lng,
            lat=point.lat,
            datum=point.datum.value,
            first=first,
            fields=stored_fields(info, "Case", ["case"]),
        )
