"""The steps of the loop, one mutation each: hand the input to the use-case, show the case."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import (
    AddPhotosInput,
    CheckCaseInput,
    DispatchCaseInput,
    FileCaseInput,
    OpinionInput,
    RateCaseInput,
    ReportHandledInput,
    StepInput,
    SubmitReportInput,
    VerifyReportInput,
    WordsInput,
)
from city_api.cases.steps import draft_of
from city_api.cases.steps import step as _step
from city_api.cases.steps import take as _take
from city_api.commands.plain import plain
from city_api.context import Info
from city_core.cases.accept import accept_task
from city_core.cases.add_photos import add_photos
from city_core.cases.answer_question import answer_question
from city_core.cases.ask_reporter import ask_reporter
from city_core.cases.cancel import cancel_report
from city_core.cases.check import check_case
from city_core.cases.close import close_case
from city_core.cases.dispatch import dispatch_case
from city_core.cases.file import file_case
from city_core.cases.rate import rate_case
from city_core.cases.reject import reject_report
from city_core.cases.report_handled import report_handled
from city_core.cases.return_task import return_task
from city_core.cases.send_back import send_back
from city_core.cases.submit import submit_report
from city_core.cases.verify import verify_report
from city_core.kit.mongo import Row
from city_core.signs.at_sign import at_sign


@strawberry.type
class CaseMutations:
    @_step("SubmitReport", "Report something 上报.")
    async def submit_report(self, info: Info, input: SubmitReportInput) -> Row:
        context = info.context
        command = context.command_of(input)
        draft = await at_sign(context.city, draft_of(input))
        return await submit_report(context.city, await context.actor(), command, draft)

    @_step("AddPhotos", "Add photos to a case 补充照片.")
    async def add_photos(self, info: Info, input: AddPhotosInput) -> Row:
        return await _take(add_photos, info, input, media_ids=input.media_ids, photos=plain(input.photos))

    @_step("VerifyReport", "Verify a report on the spot 核实.")
    async def verify_report(self, info: Info, input: VerifyReportInput) -> Row:
        return await _take(
            verify_report,
            info,
            input,
            finding=input.finding.value,
            type_code=input.type_code,
            condition_id=input.condition_id,
            opinion=input.opinion,
            media_ids=input.media_ids,
            photos=plain(input.photos),
        )

    @_step("FileCase", "File a report as a case 立案: number, condition, deadline.")
    async def file_case(self, info: Info, input: FileCaseInput) -> Row:
        return await _take(
            file_case,
            info,
            input,
            type_code=input.type_code,
            condition_id=input.condition_id,
            opinion=input.opinion,
        )

    @_step("RejectReport", "Decide not to file a report 不予立案, with the reason.")
    async def reject_report(self, info: Info, input: OpinionInput) -> Row:
        return await _take(reject_report, info, input, opinion=input.opinion)

    @_step("CancelReport", "Withdraw one's own report 撤销, with the reason.")
    async def cancel_report(self, info: Info, input: OpinionInput) -> Row:
        return await _take(cancel_report, info, input, opinion=input.opinion)

    @_step("DispatchCase", "Dispatch a case 派遣 to a department and an officer.")
    async def dispatch_case(self, info: Info, input: DispatchCaseInput) -> Row:
        return await _take(
            dispatch_case,
            info,
            input,
            department_id=input.department_id,
            officer_id=input.officer_id,
            opinion=input.opinion,
        )

    @_step("AcceptTask", "Accept a dispatched case 签收.")
    async def accept_task(self, info: Info, input: StepInput) -> Row:
        return await _take(accept_task, info, input)

    @_step("ReturnTask", "Return a case that is somebody else's duty 回退, with the reason.")
    async def return_task(self, info: Info, input: OpinionInput) -> Row:
        return await _take(return_task, info, input, opinion=input.opinion)

    @_step("ReportHandled", "Report a case as handled 处置反馈, with photos of the result.")
    async def report_handled(self, info: Info, input: ReportHandledInput) -> Row:
        given = {"media_ids": input.media_ids, "photos": plain(input.photos)}
        return await _take(report_handled, info, input, opinion=input.opinion, **given)

    @_step("CheckCase", "Check the result on the spot 核查: passed, or rework.")
    async def check_case(self, info: Info, input: CheckCaseInput) -> Row:
        return await _take(
            check_case,
            info,
            input,
            passed=input.passed,
            opinion=input.opinion,
            media_ids=input.media_ids,
            photos=plain(input.photos),
            flag_judgements=plain(input.flag_judgements),
        )

    @_step("SendBack", "Send a case back for rework 退回返工, with the reason.")
    async def send_back(self, info: Info, input: OpinionInput) -> Row:
        return await _take(send_back, info, input, opinion=input.opinion)

    @_step("CloseCase", "Close a case 结案.")
    async def close_case(self, info: Info, input: OpinionInput) -> Row:
        return await _take(close_case, info, input, opinion=input.opinion)

    @_step("AskReporter", "Ask whoever reported a case 询问反映人.")
    async def ask_reporter(self, info: Info, input: WordsInput) -> Row:
        return await _take(ask_reporter, info, input, text=input.text)

    @_step("AnswerQuestion", "Answer the latest question about one's own report 反映人答复.")
    async def answer_question(self, info: Info, input: WordsInput) -> Row:
        return await _take(answer_question, info, input, text=input.text)

    @_step("RateCase", "Rate the result 评价; for the citizen who reported.")
    async def rate_case(self, info: Info, input: RateCaseInput) -> Row:
        return await _take(rate_case, info, input, stars=input.stars, comment=input.comment)
