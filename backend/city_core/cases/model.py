"""Stored shape of a case: one document with its state, its history and its pending work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, GEOSPHERE, IndexModel

from city_core.cases.map_indexes import MAP_INDEXES
from city_core.cases.parts import (
    Advice,
    AfterAdvice,
    Assistant,
    Card,
    CasePhoto,
    CasePlace,
    CaseSign,
    Detection,
    HistoryRow,
    JoinedReport,
    PendingReview,
    PhotoEvidence,
    Rating,
    Request,
    Supervision,
    Task,
)
from city_core.cases.workflow import OPEN_STATES, State

REVIEW_INDEX = "requests_to_review"
_OPEN = {"state": {"$in": sorted(OPEN_STATES)}}


class Case(Document):
    """A case 案卷; `_id` grows with time, `version` counts its steps."""

    id: str  # type: ignore[assignment]
    version: int
    state: State
    number: str | None = None
    source: Literal["INSPECTOR", "CITIZEN", "MACHINE"]
    reporter_id: str
    client_id: str
    type_code: str | None
    condition_id: str | None
    description: str
    place: CasePlace
    sign: CaseSign | None = None
    photos: list[CasePhoto] = Field(default_factory=list)
    evidence: list[PhotoEvidence] = Field(default_factory=list)
    detections: list[Detection] = Field(default_factory=list)
    advice: Advice | None = None
    after_advice: AfterAdvice | None = None
    verification: Literal["EXISTS", "NOT_FOUND", "CANNOT_TELL"] | None = None
    department_id: str | None = None
    handler_id: str | None = None
    task: Task | None = None
    limit_value: int | None = None
    limit_unit: str | None = None
    filed_at: datetime | None = None
    deadline_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    rework_count: int = 0
    rating: Rating | None = None
    rules: dict[str, int] = Field(default_factory=dict)
    clocks: dict[str, Any] = Field(default_factory=dict)
    stage_due_at: datetime | None = None
    stage_yellow_at: datetime | None = None
    unassigned_since: datetime | None = None
    red_at: datetime | None = None
    yellow_at: datetime | None = None
    requests: list[Request] = Field(default_factory=list)
    suspended_until: datetime | None = None
    suspended_from: State | None = None
    suspended_task: Task | None = None
    review: PendingReview | None = None
    return_count: int = 0
    is_decided: bool = False
    routing_fault: dict[str, Any] | None = None
    assistants: list[Assistant] = Field(default_factory=list)
    assisting_department_ids: list[str] = Field(default_factory=list)
    parent_id: str | None = None
    child_ids: list[str] = Field(default_factory=list)
    level: Literal["COMMUNITY", "STREET", "DISTRICT"] = "DISTRICT"
    is_handled_on_spot: bool = False
    is_forced_close: bool = False
    is_exempt_from_figures: bool = False
    cards: list[Card] = Field(default_factory=list)
    supervisions: list[Supervision] = Field(default_factory=list)
    component_code: str | None = None
    joined_reports: list[JoinedReport] = Field(default_factory=list)
    merged_into: str | None = None
    before_merge: dict[str, Any] | None = None
    recurrence_of: str | None = None
    recurrence_ids: list[str] = Field(default_factory=list)
    emergency_id: str | None = None
    people_involved: list[str] = Field(default_factory=list)
    to_blur: list[str] = Field(default_factory=list)  # unknown reporters whose exact times are still in it
    reported_at: datetime
    updated_at: datetime
    history: list[HistoryRow] = Field(default_factory=list)
    tally: dict[str, Any] | None = None  # what the tallies count it as, see `tallies/`
    tally_due: bool = False  # and that they have to be told something else
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "cases"
        indexes = [
            IndexModel([("reporter_id", ASCENDING), ("client_id", ASCENDING)], unique=True),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("people_involved", ASCENDING), ("_id", DESCENDING)]),
            IndexModel(
                [("to_blur", ASCENDING)], partialFilterExpression={"to_blur": {"$gt": ""}}, name="to_blur"
            ),
            IndexModel(
                [("updated_at", ASCENDING)],
                partialFilterExpression={"history.device_time": {"$type": "date"}},
                name="device_times",
            ),
            IndexModel([("department_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("place.responsibility_grid_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("place.street_code", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("place.community_code", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("type_code", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("assisting_department_ids", ASCENDING), ("_id", DESCENDING)]),
            IndexModel(
                [
                    ("place.street_code", ASCENDING),
                    ("type_code", ASCENDING),
                    ("state", ASCENDING),
                    ("_id", DESCENDING),
                    ("reported_at", ASCENDING),
                ],
                name="filtered_pages",
            ),
            IndexModel(
                [("place.street_code", ASCENDING), ("type_code", ASCENDING), ("reported_at", ASCENDING)],
                name="filtered_times",
            ),
            *(
                IndexModel(
                    [(field, ASCENDING), ("_id", DESCENDING), ("state", ASCENDING)],
                    partialFilterExpression=_OPEN,
                    name=name,
                )
                for field, name in (
                    ("people_involved", "open_pages_of_person"),
                    ("place.responsibility_grid_id", "open_pages_of_grid"),
                )
            ),
            IndexModel([("reported_at", ASCENDING)]),
            IndexModel(
                [("routing_fault.at", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"routing_fault": {"$type": "object"}},
                name="routing_faults",
            ),
            IndexModel(
                [("filed_at", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"filed_at": {"$type": "date"}},
                name="filed",
            ),
            IndexModel([("photos.media_id", ASCENDING)]),
            IndexModel(
                [("place.street_code", ASCENDING), ("history.facts.judged.at", ASCENDING)],
                partialFilterExpression={"history.facts.judged.at": {"$exists": True}},
                name="judged",
            ),
            IndexModel(
                [("emergency_id", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"emergency_id": {"$type": "string"}},
                name="of_emergency",
            ),
            IndexModel([("history.command_id", ASCENDING)]),
            IndexModel([("supervisions.by", ASCENDING), ("supervisions.confirmed_at", ASCENDING)]),
            IndexModel([("supervisions.to_person_id", ASCENDING), ("supervisions.confirmed_at", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
            IndexModel(
                [("task.assignee_id", ASCENDING), ("deadline_at", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression=_OPEN,
                name="open_tasks",
            ),
            *(
                IndexModel(
                    [("place.street_code", ASCENDING), (name, ASCENDING), ("_id", ASCENDING)],
                    partialFilterExpression=_OPEN,
                    name=f"watch_{name}",
                )
                for name in ("unassigned_since", "red_at", "yellow_at")
            ),
            IndexModel(
                [("assistants.assignee_id", ASCENDING), ("deadline_at", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression=_OPEN,
                name="open_assisting",
            ),
            IndexModel([("deadline_at", ASCENDING)], partialFilterExpression=_OPEN, name="open_deadlines"),
            IndexModel(
                [
                    ("review.role", ASCENDING),
                    ("place.street_code", ASCENDING),
                    ("review.since", ASCENDING),
                    ("_id", ASCENDING),
                ],
                partialFilterExpression={"review.role": {"$exists": True}},
                name=REVIEW_INDEX,
            ),
            *MAP_INDEXES,
            IndexModel([("place.point", GEOSPHERE)], partialFilterExpression=_OPEN, name="open_near"),
            IndexModel(
                [("place.point", GEOSPHERE), ("reported_at", DESCENDING)],
                partialFilterExpression={"state": State.MERGED.value},
                name="merged_near",
            ),
            IndexModel(
                [("type_code", ASCENDING), ("place.point", GEOSPHERE), ("closed_at", DESCENDING)],
                partialFilterExpression={"state": State.CLOSED.value},
                name="closed_near",
            ),
            IndexModel(
                [("component_code", ASCENDING)],
                partialFilterExpression={"component_code": {"$type": "string"}},
                name="component",
            ),
            IndexModel(
                [("number", ASCENDING)],
                unique=True,
                partialFilterExpression={"number": {"$type": "string"}},
                name="number",
            ),
        ]
