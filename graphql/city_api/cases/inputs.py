"""What phones give along with the steps of a case."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import Datum, Finding, PointSource, State
from city_api.evidence.inputs import FlagJudgementInput, PhotoInput, photos_field


@strawberry.input(description="Which cases to list; what is left out does not matter.")
class CaseFilterInput:
    states: list[State] | None = None
    type_code: str | None = None
    street_code: str | None = None
    community_code: str | None = None
    department_id: str | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    late: bool | None = strawberry.field(default=None, description="Overdue 超时 or not.")
    mine: bool | None = strawberry.field(default=None, description="Only cases that I had a part in.")
    merged: bool | None = strawberry.field(
        default=None,
        description="Only merged cases 已合并, or none; left out, only those who reported them see them.",
    )


@strawberry.input(description="A point as the phone measured it.")
class PointInput:
    lng: float
    lat: float
    datum: Datum = Datum.WGS84
    accuracy_m: float | None = strawberry.field(default=None, description="Metres.")
    source: PointSource | None = strawberry.field(
        default=None, description="Where the point comes from; left out: the phone's own position."
    )


@strawberry.input(description="A report 上报.")
class SubmitReportInput:
    client_id: strawberry.ID = strawberry.field(
        description="A UUID made by the phone: the same one is never carried out twice."
    )
    point: PointInput
    device_time: datetime | None = None
    base_version: int | None = None
    type_code: str | None = None
    condition_id: str | None = None
    component_code: str | None = strawberry.field(
        default=None, description="Code of the component 部件编码, as on its plate."
    )
    description: str = ""
    address: str = ""
    media_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Photos, whose bytes may still be on their way."
    )
    photos: list[PhotoInput] | None = photos_field()
    sign_code: str | None = strawberry.field(
        default=None, description="Code of the sign 标牌 that it was begun at: the place is then the sign's."
    )


@strawberry.input(description="A step on a case that needs nothing more.")
class StepInput:
    client_id: strawberry.ID
    case_id: strawberry.ID
    device_time: datetime | None = None
    base_version: int | None = strawberry.field(
        default=None, description="The version of the case that the person saw."
    )


@strawberry.input(description="A step on a case with an opinion 意见.")
class OpinionInput(StepInput):
    opinion: str = ""


@strawberry.input(description="What somebody asks or answers, in words.")
class WordsInput(StepInput):
    text: str = strawberry.field(description="A question of 500, an answer of 1,000 characters at most.")


@strawberry.input(description="Photos to add to a case.")
class AddPhotosInput(StepInput):
    media_ids: list[strawberry.ID]
    photos: list[PhotoInput] | None = photos_field()


@strawberry.input(description="Verification on the spot 核实.")
class VerifyReportInput(StepInput):
    finding: Finding
    type_code: str | None = None
    condition_id: str | None = None
    opinion: str = ""
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    photos: list[PhotoInput] | None = photos_field()


@strawberry.input(description="Filing 立案: type and condition as they stand, or others.")
class FileCaseInput(StepInput):
    type_code: str | None = None
    condition_id: str | None = None
    opinion: str = ""


@strawberry.input(description="Dispatch 派遣 to a department, or to one officer; left out, the rule chooses.")
class DispatchCaseInput(StepInput):
    department_id: str | None = None
    officer_id: strawberry.ID | None = None
    opinion: str = ""


@strawberry.input(description="Feedback of handling 处置反馈 with photos of the result.")
class ReportHandledInput(StepInput):
    opinion: str = ""
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    photos: list[PhotoInput] | None = photos_field()


@strawberry.input(description="Check of the result 核查.")
class CheckCaseInput(StepInput):
    passed: bool
    opinion: str = ""
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    photos: list[PhotoInput] | None = photos_field()
    flag_judgements: list[FlagJudgementInput] | None = strawberry.field(
        default=None, description="What the inspector makes of flags of photos 疑点; each flag once."
    )


@strawberry.input(description="The reporter's rating 评价.")
class RateCaseInput(StepInput):
    stars: int = strawberry.field(description="1 to 5.")
    comment: str = ""
