"""Requests and their review, returns to the acceptor, and handling on the spot: one mutation a step."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import OpinionInput
from city_api.cases.steps import draft_of, step, take
from city_api.commands.plain import plain
from city_api.context import Info
from city_api.requests.inputs import (
    ReasonInput,
    RequestExtensionInput,
    RequestSuspensionInput,
    ReviewInput,
    ReviewSpotInput,
    SubmitHandledReportInput,
    WithdrawRequestInput,
)
from city_core.cases.requests.appeal_case import appeal_case
from city_core.cases.requests.decide_appeal import decide_appeal
from city_core.cases.requests.decide_extension import decide_extension
from city_core.cases.requests.decide_forced_close import decide_forced_close
from city_core.cases.requests.decide_suspension import decide_suspension
from city_core.cases.requests.decide_void import decide_void
from city_core.cases.requests.request_extension import request_extension
from city_core.cases.requests.request_forced_close import request_forced_close
from city_core.cases.requests.request_suspension import request_suspension
from city_core.cases.requests.request_void import request_void
from city_core.cases.requests.resume import resume_case
from city_core.cases.requests.withdraw_request import withdraw_request
from city_core.cases.return_to_acceptor import return_to_acceptor
from city_core.cases.review_spot import review_spot
from city_core.cases.submit_handled import submit_handled_report
from city_core.kit.instants import checked_instant
from city_core.kit.mongo import Row
from city_core.signs.at_sign import at_sign


def _said(given: ReviewInput) -> dict[str, object]:
    return {"request_id": given.request_id, "approved": given.approved, "opinion": given.opinion}


@strawberry.type
class RequestMutations:
    @step("RequestExtension", "Ask for more time 申请延期, as the handling department.")
    async def request_extension(self, info: Info, input: RequestExtensionInput) -> Row:
        unit = input.unit.value if input.unit else None
        return await take(request_extension, info, input, value=input.value, unit=unit, reason=input.reason)

    @step("DecideExtension", "Review an extension 延期审批: the dispatcher first, then the shift leader.")
    async def decide_extension(self, info: Info, input: ReviewInput) -> Row:
        return await take(decide_extension, info, input, **_said(input))

    @step("RequestSuspension", "Ask to suspend a case that cannot be handled now 申请挂账.")
    async def request_suspension(self, info: Info, input: RequestSuspensionInput) -> Row:
        until = checked_instant(input.until, "until")
        return await take(request_suspension, info, input, until=until, reason=input.reason)

    @step("DecideSuspension", "Review a suspension 挂账审批, as the shift leader.")
    async def decide_suspension(self, info: Info, input: ReviewInput) -> Row:
        return await take(decide_suspension, info, input, **_said(input))

    @step("ResumeCase", "Let a suspended case go on before its time 恢复办理.")
    async def resume_case(self, info: Info, input: OpinionInput) -> Row:
        return await take(resume_case, info, input, opinion=input.opinion)

    @step("RequestVoid", "Ask to void a case 申请作废, as a seat.")
    async def request_void(self, info: Info, input: ReasonInput) -> Row:
        return await take(request_void, info, input, reason=input.reason)

    @step("DecideVoid", "Review a voiding 作废审批, as the shift leader.")
    async def decide_void(self, info: Info, input: ReviewInput) -> Row:
        return await take(decide_void, info, input, **_said(input))

    @step("RequestForcedClose", "Ask for the second approval of a forced close 申请强制结案.")
    async def request_forced_close(self, info: Info, input: ReasonInput) -> Row:
        return await take(request_forced_close, info, input, reason=input.reason)

    @step("DecideForcedClose", "Give or refuse the second approval of a forced close 强制结案审批.")
    async def decide_forced_close(self, info: Info, input: ReviewInput) -> Row:
        return await take(decide_forced_close, info, input, **_said(input))

    @step("AppealCase", "Appeal against how a closed case counts 申诉, as the department that handled it.")
    async def appeal_case(self, info: Info, input: ReasonInput) -> Row:
        return await take(appeal_case, info, input, reason=input.reason)

    @step("DecideAppeal", "Review an appeal 申诉审核: the shift leader first, then a leader.")
    async def decide_appeal(self, info: Info, input: ReviewInput) -> Row:
        return await take(decide_appeal, info, input, **_said(input))

    @step("WithdrawRequest", "Take one's own request back 撤回申请.")
    async def withdraw_request(self, info: Info, input: WithdrawRequestInput) -> Row:
        given = {"request_id": input.request_id, "opinion": input.opinion}
        return await take(withdraw_request, info, input, **given)

    @step("ReturnToAcceptor", "Give a filed case back for filing anew 退回受理, with the reason.")
    async def return_to_acceptor(self, info: Info, input: OpinionInput) -> Row:
        return await take(return_to_acceptor, info, input, opinion=input.opinion)

    @step("SubmitHandledReport", "Report what was handled on the spot 自处置上报; photos before and after.")
    async def submit_handled_report(self, info: Info, input: SubmitHandledReportInput) -> Row:
        context = info.context
        command = context.command_of(input)
        draft = await at_sign(context.city, draft_of(input))
        return await submit_handled_report(
            context.city, await context.actor(), command, draft,
            handled_media_ids=list(input.handled_media_ids), handled_photos=plain(input.handled_photos),
        )  # fmt: skip

    @step("ReviewSpot", "Review what was handled on the spot 自处置审核: closed at once, or filed as usual.")
    async def review_spot(self, info: Info, input: ReviewSpotInput) -> Row:
        return await take(review_spot, info, input, approved=input.approved, opinion=input.opinion)
