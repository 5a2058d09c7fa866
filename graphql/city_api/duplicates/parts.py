"""What a case shows about the reports that it holds and the cases that it leads to."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases.parts import Rating
from city_api.cases.words import state_name
from city_api.enums import CaseSource, State
from city_api.rows import computed, stored


@strawberry.type(description="One more report of the same thing: joined 附议, or merged in 合并.")
class JoinedReport:
    source: CaseSource = stored("source")
    description: str = stored("description")
    media_ids: list[strawberry.ID] = stored("media_ids")
    at: datetime = stored("at", "When it was reported.")
    merged_case_id: strawberry.ID | None = stored("merged_case_id", "The merged case that it came with.")
    rating: Rating | None = stored("rating")


@strawberry.type(description="Another case that this one leads to, as far as it is followed from here.")
class FollowedCase:
    id: strawberry.ID = stored("_id")
    number: str | None = stored("number")
    state: State = stored("state")
    state_name: str = computed(lambda case, context: state_name(case["state"], context.language))
    deadline_at: datetime | None = stored("deadline_at")
    closed_at: datetime | None = stored("closed_at")
