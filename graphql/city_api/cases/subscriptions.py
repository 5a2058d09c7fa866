"""Looking on while a case goes its way."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import strawberry

from city_api.cases.types import Case
from city_api.context import Info
from city_api.rows import stored_fields
from city_core.cases.queries import find_case
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.standing import person_channel


@strawberry.type
class CaseSubscriptions:
    @strawberry.subscription(
        graphql_type=Case,
        description="A case as it is now, and again at each change, as long as you may see it.",
    )
    async def case_changed(self, info: Info, id: strawberry.ID) -> AsyncGenerator[Row, None]:
        context, fields = info.context, stored_fields(info, "Case")
        case = await find_case(context.city, await context.actor(), id, fields)
        if case is None:
            raise CityProblem("CASE_NOT_FOUND")
        seen = 0
        person = person_channel(context.viewer.person_id)
        async with context.city.waker.listen(f"case:{case['_id']}", person) as hints:
            while case is not None:
                if case["version"] > seen:
                    seen = case["version"]
                    yield case
                    continue
                await anext(hints)
                case = await find_case(context.city, await context.look_again(), id, fields)
