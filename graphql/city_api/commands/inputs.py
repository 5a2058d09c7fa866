"""What a phone hands over of its queue."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases.inputs import (
    AddPhotosInput,
    CheckCaseInput,
    OpinionInput,
    RateCaseInput,
    ReportHandledInput,
    StepInput,
    SubmitReportInput,
    VerifyReportInput,
    WordsInput,
)
from city_api.census.inputs import AssignCensusTaskInput, FinishCensusTaskInput
from city_api.components.inputs import (
    AddComponentInput,
    ChangeComponentInput,
    CheckComponentInput,
    MoveComponentInput,
    RetireComponentInput,
)
from city_api.duplicates.inputs import JoinCaseInput
from city_api.duty.inputs import EndAbsenceInput, SetAbsenceInput
from city_api.joint.inputs import AnswerAsAssistantInput
from city_api.notify.inputs import AcknowledgeMessageInput, MarkReadInput
from city_api.requests.inputs import (
    ReasonInput,
    RequestExtensionInput,
    RequestSuspensionInput,
    SubmitHandledReportInput,
    WithdrawRequestInput,
)
from city_api.supervision.inputs import ConfirmSupervisionInput


@strawberry.input(one_of=True, description="One command, named and filled like the mutation of that name.")
class QueuedDoInput:
    submit_report: strawberry.Maybe[SubmitReportInput]
    submit_handled_report: strawberry.Maybe[SubmitHandledReportInput]
    join_case: strawberry.Maybe[JoinCaseInput]
    add_photos: strawberry.Maybe[AddPhotosInput]
    cancel_report: strawberry.Maybe[OpinionInput]
    answer_question: strawberry.Maybe[WordsInput]
    ask_reporter: strawberry.Maybe[WordsInput]
    rate_case: strawberry.Maybe[RateCaseInput]
    verify_report: strawberry.Maybe[VerifyReportInput]
    check_case: strawberry.Maybe[CheckCaseInput]
    accept_task: strawberry.Maybe[StepInput]
    return_task: strawberry.Maybe[OpinionInput]
    report_handled: strawberry.Maybe[ReportHandledInput]
    answer_as_assistant: strawberry.Maybe[AnswerAsAssistantInput]
    request_extension: strawberry.Maybe[RequestExtensionInput]
    request_suspension: strawberry.Maybe[RequestSuspensionInput]
    withdraw_request: strawberry.Maybe[WithdrawRequestInput]
    appeal_case: strawberry.Maybe[ReasonInput]
    upgrade_case: strawberry.Maybe[OpinionInput]
    confirm_supervision: strawberry.Maybe[ConfirmSupervisionInput]
    mark_read: strawberry.Maybe[MarkReadInput]
    acknowledge_message: strawberry.Maybe[AcknowledgeMessageInput]
    set_absence: strawberry.Maybe[SetAbsenceInput]
    end_absence: strawberry.Maybe[EndAbsenceInput]
    add_component: strawberry.Maybe[AddComponentInput]
    move_component: strawberry.Maybe[MoveComponentInput]
    change_component: strawberry.Maybe[ChangeComponentInput]
    retire_component: strawberry.Maybe[RetireComponentInput]
    check_component: strawberry.Maybe[CheckComponentInput]
    assign_census_task: strawberry.Maybe[AssignCensusTaskInput]
    finish_census_task: strawberry.Maybe[FinishCensusTaskInput]


@strawberry.input(description="One command as it lay in the phone's queue.")
class QueuedCommandInput:
    client_id: strawberry.ID = strawberry.field(description="The same as inside, where that has one.")
    device_sequence: int = strawberry.field(description="Its number in the queue of this phone: 1, 2, 3…")
    device_time: datetime | None = strawberry.field(
        default=None, description="When the person did it, by the phone's clock."
    )
    base_version: int | None = strawberry.field(
        default=None, description="The version of the case that the person saw."
    )
    do: QueuedDoInput


@strawberry.input(description="Commands that were queued while offline, at most 50.")
class RunCommandsInput:
    device_id: strawberry.ID = strawberry.field(description="Made by the phone, 8 to 100 characters.")
    device_time: datetime | None = strawberry.field(
        default=None, description="What the phone's clock says as it sends this: measures how far it is off."
    )
    commands: list[QueuedCommandInput]
