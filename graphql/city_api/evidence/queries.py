"""Figures on how people and machine disagree."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.context import Info
from city_api.evidence.types import PersonDisagreement
from city_core.cases.evidence.disagreement_figures import disagreement_figures
from city_core.kit.instants import checked_instant
from city_core.kit.mongo import Row


@strawberry.type
class EvidenceQueries:
    @strawberry.field(
        graphql_type=list[PersonDisagreement],
        description="What each person made of flags and advice in the cases of your streets; for shift "
        "leaders and leaders, at most 366 days.",
    )
    async def disagreement_figures(self, info: Info, since: datetime, until: datetime) -> list[Row]:
        context = info.context
        begin, end = checked_instant(since, "since"), checked_instant(until, "until")
        assert begin is not None and end is not None
        return await disagreement_figures(context.city, await context.actor(), begin, end)
