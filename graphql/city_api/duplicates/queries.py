"""Looking for duplicates 查重."""

from __future__ import annotations

from typing import Any

import strawberry

from city_api.context import Info
from city_api.duplicates.inputs import PossibleDuplicatesInput
from city_api.duplicates.types import DuplicateCandidate, SimilarCase
from city_api.rows import stored_fields
from city_core.cases.duplicates.find import duplicate_candidates, possible_duplicates
from city_core.places.locate import GivenPoint


@strawberry.type
class DuplicateQueries:
    @strawberry.field(
        graphql_type=list[SimilarCase],
        description="The open cases that a report may be about, the most alike first; ask before submitting.",
    )
    async def possible_duplicates(self, info: Info, input: PossibleDuplicatesInput) -> Any:
        point = input.point
        return await possible_duplicates(
            info.context.city,
            await info.context.actor(),
            GivenPoint(point.lng, point.lat, point.datum.value, point.accuracy_m),
            type_code=input.type_code,
            component_code=input.component_code,
            media_ids=list(input.media_ids),
        )

    @strawberry.field(
        graphql_type=list[DuplicateCandidate],
        description="For seats: the open cases that a case may be the same as, the most alike first.",
    )
    async def duplicate_candidates(self, info: Info, case_id: strawberry.ID) -> Any:
        fields = stored_fields(info, "Case", ["case"])
        return await duplicate_candidates(info.context.city, await info.context.actor(), case_id, fields)
