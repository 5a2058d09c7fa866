"""Who read which original."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.media.types import OriginalReadingConnection
from city_core.cases.originals.queries import page_of_readings


@strawberry.type
class MediaQueries:
    @strawberry.field(
        graphql_type=OriginalReadingConnection,
        description="Who read which original and why; for leaders of their streets, and the auditor.",
    )
    async def original_readings(
        self, info: Info, first: int = 20, after: str | None = None, media_id: strawberry.ID | None = None
    ) -> object:
        city, actor = info.context.city, await info.context.actor()
        return await page_of_readings(city, actor, media_id=media_id, first=first, after=after)
