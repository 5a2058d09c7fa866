"""What phones give along with requests, reviews, and reports of what was handled on the spot."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases.inputs import StepInput, SubmitReportInput
from city_api.enums import LimitUnit
from city_api.evidence.inputs import PhotoInput, photos_field


@strawberry.input(description="Something asked for 申请, with the reason 理由.")
class ReasonInput(StepInput):
    reason: str = strawberry.field(description="1 to 500 characters.")


@strawberry.input(description="More time asked for 申请延期.")
class RequestExtensionInput(ReasonInput):
    value: int = strawberry.field(description="At most one original limit of the case.")
    unit: LimitUnit | None = strawberry.field(
        default=None, description="The unit of the case's limit; left out, it is that one."
    )


@strawberry.input(description="A suspension asked for 申请挂账.")
class RequestSuspensionInput(ReasonInput):
    until: datetime = strawberry.field(description="When the case goes on by itself; with its offset.")


@strawberry.input(description="A review 审批 of a request; a refusal needs an opinion.")
class ReviewInput(StepInput):
    request_id: strawberry.ID
    approved: bool
    opinion: str = ""


@strawberry.input(description="A request to take back 撤回申请.")
class WithdrawRequestInput(StepInput):
    request_id: strawberry.ID
    opinion: str = ""


@strawberry.input(description="A report of what was handled on the spot 自处置; `mediaIds` show before.")
class SubmitHandledReportInput(SubmitReportInput):
    handled_media_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Photos of the result, at least one."
    )
    handled_photos: list[PhotoInput] | None = photos_field("handledMediaIds")


@strawberry.input(description="A review of handling on the spot 自处置审核; a refusal needs an opinion.")
class ReviewSpotInput(StepInput):
    approved: bool
    opinion: str = ""
