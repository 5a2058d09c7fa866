"""What phones give along when the same thing was reported before."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases.inputs import PointInput, StepInput
from city_api.evidence.inputs import PhotoInput, photos_field


@strawberry.input(description="What is about to be reported.")
class PossibleDuplicatesInput:
    point: PointInput
    type_code: str | None = None
    component_code: str | None = None
    media_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Photos of yours; those that have not arrived are left out."
    )


@strawberry.input(description="Joining 附议 a similar case instead of reporting the same thing again.")
class JoinCaseInput:
    client_id: strawberry.ID
    token: str = strawberry.field(description="A token of `possibleDuplicates`.")
    description: str = ""
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    photos: list[PhotoInput] | None = photos_field()
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="Merging 合并: the duplicate goes on as part of another case.")
class MergeCasesInput(StepInput):
    into_case_id: strawberry.ID
    reason: str


@strawberry.input(description="Undoing a merge 撤销合并.")
class UnmergeCaseInput(StepInput):
    reason: str
