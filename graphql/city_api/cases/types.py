"""A case as phones see it; each field says which stored fields it reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry

from city_api.cases import readers
from city_api.cases.parts import (
    Advice,
    CasePhoto,
    CasePlace,
    CaseSign,
    Detection,
    HistoryStep,
    Question,
    Rating,
    Task,
)
from city_api.cases.words import state_name
from city_api.catalogue.types import CaseType, FilingCondition
from city_api.components import on_case as component_on_case
from city_api.components.types import CaseComponent
from city_api.deadlines import readers as deadlines
from city_api.deadlines.types import CaseClock
from city_api.detection.types import AfterAdvice
from city_api.duplicates import readers as duplicates
from city_api.duplicates.parts import FollowedCase, JoinedReport
from city_api.emergency.on_case import CaseEmergency, emergency_of_case
from city_api.enums import Action, CaseSource, Finding, Lamp, LimitUnit, State
from city_api.joint.types import JointFields
from city_api.levels.types import LevelFields
from city_api.paging import PageInfo, page_info
from city_api.people.types import Department
from city_api.requests.types import CaseRequest, shown_requests
from city_api.rows import computed, stored
from city_api.supervision.types import Card, Supervision, cards, supervisions
from city_core.cases.evidence.seen import FIELDS_ASKED as evidence_asks
from city_core.cases.questions import open_question

_WHOSE_REPORT = ("reporter_id", "joined_reports")


@strawberry.type(description="A case 案卷: one thing in the city, from report 上报 to closing 结案.")
class Case(JointFields, LevelFields):
    id: strawberry.ID = stored("_id")
    number: str | None = stored("number", "Case number 案卷号; given when filed 立案.")
    state: State = stored("state")
    state_name: str = computed(
        lambda case, context: state_name(case["state"], context.language), needs=("state",)
    )
    version: int = stored("version", "Counts the steps; grows with each change.")
    source: CaseSource = stored("source")
    type: CaseType | None = computed(readers.case_type, needs=("type_code",), description="Type 小类.")
    condition: FilingCondition | None = computed(
        readers.condition,
        needs=("type_code", "condition_id", "rules"),
        later=True,
        description="Filing condition 立案条件.",
    )
    description: str = computed(
        duplicates.description_for_viewer,
        needs=("description", *_WHOSE_REPORT),
        description="Who only joined the case reads their own words.",
    )
    place: CasePlace = computed(duplicates.place_for_viewer, needs=("place", "reporter_id"))
    sign: CaseSign | None = computed(
        readers.sign, needs=("sign",), description="The sign 标牌 that it was reported at; for staff."
    )
    photos: list[CasePhoto] = computed(
        readers.photos,
        needs=("evidence", *evidence_asks),
        description="Citizens do not see each other's photos.",
    )
    detections: list[Detection] = computed(readers.detections, needs=("detections", "photos"))
    advice: Advice | None = stored("advice")
    after_advice: AfterAdvice | None = computed(
        readers.after_advice,
        needs=("after_advice",),
        description="For staff: is it still to be seen after handling?",
    )
    verification: Finding | None = stored("verification", "What was found when verifying 核实.")
    reported_at: datetime = stored("reported_at")
    filed_at: datetime | None = stored("filed_at")
    deadline_at: datetime | None = stored("deadline_at", "Until when it has to be handled 处置时限.")
    handled_at: datetime | None = stored("handled_at")
    closed_at: datetime | None = stored("closed_at")
    limit_value: int | None = stored("limit_value")
    limit_unit: LimitUnit | None = stored("limit_unit")
    seconds_left: int | None = computed(
        readers.seconds_left,
        needs=("deadline_at", "handled_at"),
        description="Until the deadline, seconds; below zero when late; nothing when it is handled.",
    )
    clocks: list[CaseClock] = computed(
        deadlines.clocks,
        needs=("clocks",),
        description="Clocks 时限: its own, then of stage and level.",
    )
    lamp: Lamp | None = computed(
        deadlines.lamp_of_case,
        needs=("clocks",),
        description="Of the case's own clock; before filing, of its stage.",
    )
    late: bool = computed(readers.late, needs=("deadline_at", "handled_at"), description="Overdue 超时.")
    department: Department | None = computed(
        readers.department, needs=("department_id",), description="Department 专业部门 that handles it."
    )
    task: Task | None = stored("task")
    holder_name: str | None = computed(
        readers.holder_name,
        later=True,
        needs=("task", "department_id"),
        description="Who has it now: a person, or for citizens the department.",
    )
    history: list[HistoryStep] = computed(readers.steps, needs=("history", "reporter_id", *evidence_asks))
    rating: Rating | None = computed(
        duplicates.rating_for_viewer,
        needs=("rating", *_WHOSE_REPORT),
        description="That of the first reporter; who only joined the case reads their own.",
    )
    open_question: Question | None = computed(
        lambda case, context: open_question(case, context.viewer.person_id),
        needs=("history",),
        description="The question to you that you have not answered yet.",
    )
    possible_actions: list[Action] = computed(
        readers.actions_of_viewer, needs=("state",), description="Steps that the viewer's post may take now."
    )
    emergency: CaseEmergency | None = computed(
        emergency_of_case,
        later=True,
        needs=("emergency_id", "history"),
        description="The emergency 应急状态 whose clock it has.",
    )
    rework_count: int = stored("rework_count", "How often it was sent back 返工次数.")
    requests: list[CaseRequest] = computed(
        shown_requests, needs=("requests",), description="What the posts asked for 申请; citizens see none."
    )
    suspended_until: datetime | None = stored("suspended_until", "When a suspended 挂账 case goes on.")
    is_forced_close: bool = stored("is_forced_close", "Closed by force 强制结案.")
    is_handled_on_spot: bool = stored("is_handled_on_spot", "Handled on the spot by the reporter 自处置.")
    is_exempt_from_figures: bool = stored("is_exempt_from_figures", "An appeal 申诉 was upheld.")
    report_count: int = computed(
        duplicates.count_of_reports, needs=("joined_reports",), description="One case, many reports 上报次数."
    )
    joined_reports: list[JoinedReport] = computed(
        duplicates.reports_for_viewer,
        needs=("joined_reports",),
        description="Reports that joined 附议 or were merged in 合并; citizens read only their own.",
    )
    merged_into: FollowedCase | None = computed(
        duplicates.merged_into,
        later=True,
        needs=("merged_into",),
        description="The case that this one goes on as part of.",
    )
    recurrence_of: FollowedCase | None = computed(
        duplicates.recurrence_of,
        later=True,
        needs=("recurrence_of",),
        description="The closed case that came back 复发; not shown to citizens.",
    )
    recurred: bool | None = computed(
        duplicates.has_recurred,
        needs=("recurrence_ids",),
        description="It came back after closing 复发; counts against that closing; not shown to citizens.",
    )
    cards: list[Card] = computed(cards, needs=("cards",), description="Warnings and cards; for staff.")
    component: CaseComponent | None = computed(
        component_on_case.component,
        later=True,
        needs=("component_code", "place"),
        description="The component 部件 that was named in the report, known or not.",
    )
    supervisions: list[Supervision] = computed(
        supervisions, needs=("supervisions",), description="For those who watch, and for their receivers."
    )


@dataclass(frozen=True)
class ListedCases:
    """A page of case rows, and how to count all of them, should somebody ask."""

    page: Any
    count: Any


@strawberry.type(description="One page of cases.")
class CaseConnection:
    nodes: list[Case] = computed(lambda listed, _: listed.page.rows)
    page_info: PageInfo = computed(lambda listed, _: page_info(listed.page))
    total: int = computed(
        lambda listed, _: listed.count(),
        later=True,
        description="How many in all; counted only when asked for.",
    )


@strawberry.type(description="A case near a point.")
class NearCase:
    distance_m: float = stored("distance_m", "Over the ground, metres.")
    case: Case = computed(lambda row, _: row)
