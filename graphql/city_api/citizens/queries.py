"""Reads of what citizens have of their own."""

from __future__ import annotations

import strawberry

from city_api.citizens.types import PointAccount
from city_api.context import Info
from city_core.citizens.queries import point_entries


@strawberry.type
class CitizenQueries:
    @strawberry.field(graphql_type=PointAccount, description="Your points 积分.")
    async def my_points(self, info: Info, first: int = 20, after: str | None = None) -> object:
        context = info.context
        return await point_entries(context.city, await context.actor(), first=first, after=after)
