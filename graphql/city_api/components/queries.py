"""Reads of components."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import PointInput
from city_api.components.types import ComponentConnection, ComponentHere, ComponentOnRecord, Here
from city_api.context import Info
from city_core.cases.components.here import components_here
from city_core.census.read_components import component_on_record, without_owner
from city_core.kit.pages import Page
from city_core.places.locate import GivenPoint


@strawberry.type
class ComponentQueries:
    @strawberry.field(
        graphql_type=list[ComponentHere],
        description="The components 部件 that stand here, nearest first: 20 within 200 m at most.",
    )
    async def components_here(
        self,
        info: Info,
        point: PointInput,
        type_code: str | None = None,
        within_m: float = 30.0,
        first: int = 20,
    ) -> list[Here]:
        context = info.context
        given = GivenPoint(point.lng, point.lat, point.datum.value, point.accuracy_m)
        return await components_here(
            context.city, await context.actor(), given, type_code=type_code, within_m=within_m, first=first
        )

    @strawberry.field(
        graphql_type=ComponentOnRecord | None,
        description="One component with its changes and its cases; for the city's staff.",
    )
    async def component(self, info: Info, code: strawberry.ID) -> Here | None:
        return await component_on_record(info.context.city, await info.context.actor(), code)

    @strawberry.field(
        graphql_type=ComponentConnection,
        description="What stands in one of your streets and nobody owns up to 权属不明.",
    )
    async def components_without_owner(
        self, info: Info, street_code: str, first: int = 20, after: str | None = None
    ) -> Page:
        context = info.context
        return await without_owner(context.city, await context.actor(), street_code, first=first, after=after)
