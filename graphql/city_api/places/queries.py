"""Reads of places."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.enums import BorderLevel, Datum, ElementKind
from city_api.places.element_types import GridElementConnection
from city_api.places.types import Border, Division, UnitGrid, Whereabouts
from city_api.rows import stored_fields
from city_core.cases.where import where_am_i
from city_core.kit.mongo import Row
from city_core.kit.pages import Page
from city_core.places.borders import borders
from city_core.places.elements.queries import grid_elements
from city_core.places.given import GivenPoint
from city_core.places.queries import divisions, unit_grid


@strawberry.type
class PlaceQueries:
    @strawberry.field(
        graphql_type=list[Division],
        description="What lies directly under a division 行政区划; without one, the districts.",
    )
    async def divisions(self, info: Info, parent: str | None = None) -> list[Row]:
        await info.context.actor()
        return await divisions(info.context.city, parent)

    @strawberry.field(
        graphql_type=Whereabouts,
        description="What lies at a point and who answers there; with a type, also who would get a case.",
    )
    async def where_am_i(
        self, info: Info, lng: float, lat: float, datum: Datum = Datum.WGS84, type_code: str | None = None
    ) -> Row:
        given = GivenPoint(lng, lat, datum.value)
        return await where_am_i(
            info.context.city,
            await info.context.actor(),
            given,
            type_code=type_code,
            names_people="inspectors" in stored_fields(info, "Whereabouts"),
        )

    @strawberry.field(
        graphql_type=list[Border],
        description="Borders for a base map: the districts, the streets of a district, the communities of a "
        "street, the unit grids of a street or community.",
    )
    async def borders(
        self, info: Info, level: BorderLevel, parent: str | None = None, datum: Datum = Datum.WGS84
    ) -> list[Row]:
        await info.context.actor()
        return await borders(info.context.city, level, parent, datum.value)

    @strawberry.field(
        graphql_type=UnitGrid | None,
        description="A unit grid 单元网格 by its code, also one that is no more: old cases keep theirs.",
    )
    async def unit_grid(self, info: Info, code: str) -> Row | None:
        await info.context.actor()
        return await unit_grid(info.context.city, code)

    @strawberry.field(
        graphql_type=GridElementConnection,
        description="Elements 网格要素 of the grids that you answer for; for inspectors, seats and leaders.",
    )
    async def grid_elements(
        self,
        info: Info,
        grid_code: str | None = None,
        kind: ElementKind | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Page:
        return await grid_elements(
            info.context.city,
            await info.context.actor(),
            grid_code=grid_code,
            kind=kind,
            first=first,
            after=after,
        )
