"""Reads of the one map."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.enums import Datum
from city_api.map.inputs import BoundsInput, MapFilterInput
from city_api.map.types import HeatCell, MapView, heat_rows, view_row
from city_core.kit.mongo import Row
from city_core.map.draw import draw
from city_core.map.heat import heat
from city_core.map.picture import MapFilter


@strawberry.type
class MapQueries:
    @strawberry.field(
        graphql_type=MapView,
        description="A part of the one map 一张图 at a zoom (3 to 22), with what lists would show you.",
    )
    async def map_view(
        self,
        info: Info,
        bounds: BoundsInput,
        zoom: int,
        filter: MapFilterInput | None = None,
        datum: Datum = Datum.WGS84,
    ) -> Row:
        actor = await info.context.actor()
        wanted = filter.filter() if filter else MapFilter()
        return view_row(await draw(info.context.city, actor, bounds.box(datum), zoom, wanted), datum)

    @strawberry.field(
        graphql_type=list[HeatCell], description="Where your cases are dense in a part of the map 热力图."
    )
    async def heat_map(
        self,
        info: Info,
        bounds: BoundsInput,
        zoom: int,
        filter: MapFilterInput | None = None,
        datum: Datum = Datum.WGS84,
    ) -> list[Row]:
        actor = await info.context.actor()
        wanted = filter.filter() if filter else MapFilter()
        return heat_rows(await heat(info.context.city, actor, bounds.box(datum), zoom, wanted), datum)
