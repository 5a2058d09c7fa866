"""The steps of several departments on one case, one mutation each."""

from __future__ import annotations

import strawberry

from city_api.cases.steps import step, take
from city_api.commands.plain import plain
from city_api.context import Info
from city_api.joint.inputs import (
    AddAssistantsInput,
    AnswerAsAssistantInput,
    DecideDepartmentInput,
    ReassignAssistantInput,
    RemoveAssistantInput,
    SendBackPartsInput,
    SplitCaseInput,
)
from city_core.cases.joint.add_assistants import Asked, add_assistants
from city_core.cases.joint.answer_as_assistant import answer_as_assistant
from city_core.cases.joint.change_assistant import reassign_assistant, remove_assistant
from city_core.cases.joint.decide_department import decide_department
from city_core.cases.joint.send_back_parts import send_back_parts
from city_core.cases.joint.split import Part, split_case
from city_core.kit.mongo import Row


@strawberry.type
class JointMutations:
    @step("DecideDepartment", "Decide who handles a case that departments keep returning 裁定; for leaders.")
    async def decide_department(self, info: Info, input: DecideDepartmentInput) -> Row:
        to = {"department_id": input.department_id, "officer_id": input.officer_id}
        return await take(decide_department, info, input, **to, opinion=input.opinion)

    @step("AddAssistants", "Ask departments to assist 增派协办; each owes one answer before the check.")
    async def add_assistants(self, info: Info, input: AddAssistantsInput) -> Row:
        asks = [Asked(ask.department_id, ask.asked) for ask in input.assistants]
        return await take(add_assistants, info, input, asks=asks, opinion=input.opinion)

    @step("AnswerAsAssistant", "Answer as an assisting department 协办反馈, with photos.")
    async def answer_as_assistant(self, info: Info, input: AnswerAsAssistantInput) -> Row:
        given = {"opinion": input.opinion, "media_ids": input.media_ids, "photos": plain(input.photos)}
        return await take(answer_as_assistant, info, input, **given)

    @step("ReassignAssistant", "Give what an assistant is asked to another officer of its department.")
    async def reassign_assistant(self, info: Info, input: ReassignAssistantInput) -> Row:
        to = {"department_id": input.department_id, "officer_id": input.officer_id}
        return await take(reassign_assistant, info, input, **to, opinion=input.opinion)

    @step("RemoveAssistant", "Ask a department no longer to assist, with the reason.")
    async def remove_assistant(self, info: Info, input: RemoveAssistantInput) -> Row:
        given = {"department_id": input.department_id, "opinion": input.opinion}
        return await take(remove_assistant, info, input, **given)

    @step("SplitCase", "Split a case into parts 拆分, each with its own deadline; they are closed together.")
    async def split_case(self, info: Info, input: SplitCaseInput) -> Row:
        parts = [
            Part(part.type_code, part.condition_id, part.description, part.department_id)
            for part in input.parts
        ]
        return await take(split_case, info, input, parts=parts, opinion=input.opinion)

    @step("SendBackParts", "Send parts of a split case back for rework 退回返工, with the reason.")
    async def send_back_parts(self, info: Info, input: SendBackPartsInput) -> Row:
        return await take(send_back_parts, info, input, part_ids=input.part_ids, opinion=input.opinion)
