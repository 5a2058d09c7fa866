"""Reads of places."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.places.types import Division
from city_core.kit.mongo import Row
from city_core.places.queries import divisions


@strawberry.type
class PlaceQueries:
    @strawberry.field(
        graphql_type=list[Division],
        description="What lies directly under a division 行政区划; without one, the districts.",
    )
    async def divisions(self, info: Info, parent: str | None = None) -> list[Row]:
        await info.context.actor()
        return await divisions(info.context.city, parent)
