"""What phones give along with the steps of several departments on one case."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import StepInput
from city_api.evidence.inputs import PhotoInput, photos_field


@strawberry.input(description="A leader's decision 裁定 on who handles a case; the reason is mandatory.")
class DecideDepartmentInput(StepInput):
    department_id: strawberry.ID
    officer_id: strawberry.ID | None = None
    opinion: str


@strawberry.input(description="A department that is to assist 协办, and with what.")
class AssistantInput:
    department_id: strawberry.ID
    asked: str


@strawberry.input(description="Departments to ask for assistance.")
class AddAssistantsInput(StepInput):
    assistants: list[AssistantInput]
    opinion: str = ""


@strawberry.input(description="The answer of an assisting department 协办反馈, with photos.")
class AnswerAsAssistantInput(StepInput):
    opinion: str
    media_ids: list[strawberry.ID]
    photos: list[PhotoInput] | None = photos_field()


@strawberry.input(description="Another officer for what an assistant is asked; left out, the rule chooses.")
class ReassignAssistantInput(StepInput):
    department_id: strawberry.ID
    officer_id: strawberry.ID | None = None
    opinion: str = ""


@strawberry.input(description="A department that was asked to assist wrongly; the reason is mandatory.")
class RemoveAssistantInput(StepInput):
    department_id: strawberry.ID
    opinion: str


@strawberry.input(description="A part 子案 to split off; without a department the rules choose one.")
class PartInput:
    type_code: str
    condition_id: str | None = None
    description: str = ""
    department_id: strawberry.ID | None = None


@strawberry.input(description="A split 拆分 into parts; the reason is mandatory.")
class SplitCaseInput(StepInput):
    parts: list[PartInput]
    opinion: str


@strawberry.input(description="Parts of a case that are to be handled again 退回返工, with the reason.")
class SendBackPartsInput(StepInput):
    part_ids: list[strawberry.ID]
    opinion: str
