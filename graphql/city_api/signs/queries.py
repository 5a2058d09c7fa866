"""Reads of signs."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.enums import Datum
from city_api.signs.types import ScannedSign, SignConnection
from city_api.signs.words import SignState
from city_core.kit.pages import Page
from city_core.signs.queries import page_of_signs
from city_core.signs.scan import Scanned, scan


@strawberry.type
class SignQueries:
    @strawberry.field(
        graphql_type=ScannedSign | None,
        description="Open a sign by its code; nobody has to be signed in. Nothing if there is none in use.",
    )
    async def sign(self, info: Info, code: str, datum: Datum = Datum.WGS84) -> Scanned | None:
        return await scan(info.context.city, code, datum.value)

    @strawberry.field(
        graphql_type=SignConnection,
        description="The signs of your streets, those made last first; for seats and the administrator.",
    )
    async def signs(
        self,
        info: Info,
        street_code: str | None = None,
        component_code: str | None = None,
        point_id: strawberry.ID | None = None,
        state: SignState | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Page:
        context = info.context
        return await page_of_signs(
            context.city,
            await context.actor(),
            street_code=street_code,
            component_code=component_code,
            point_id=point_id,
            state=state,
            first=first,
            after=after,
        )
