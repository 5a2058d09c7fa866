"""Stored shape of a case: one document with its state, its history and its pending work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, GEOSPHERE, IndexModel

from city_core.cases.workflow import OPEN_STATES, Action, State
from city_core.people.roles import Role

_OPEN = {"state": {"$in": sorted(OPEN_STATES)}}


class CasePlace(BaseModel):
    """Where it is: the point as the phone gave it, the same in WGS-84, and the grid that it lies in."""

    given_lng: float
    given_lat: float
    datum: Literal["WGS84", "GCJ02", "BD09", "CGCS2000"]
    accuracy_m: float | None = None
    source: str = "device"
    point: dict[str, Any]
    address: str = ""
    grid_code: str
    responsibility_grid_id: str
    community_code: str
    street_code: str
    district_code: str
    area_class: str


class CasePhoto(BaseModel):
    """A photo that belongs to a case; `use` says for which step it was taken."""

    media_id: str
    use: Literal["REPORT", "VERIFY", "HANDLE", "CHECK"]
    added_by: str
    added_at: datetime


class Box(BaseModel):
    """One find in a photo: label, confidence, and the box in parts of the picture (0 to 1)."""

    label: str
    confidence: float
    x: float
    y: float
    width: float
    height: float


class Detection(BaseModel):
    """What a model saw in one photo; advice, never a verdict."""

    media_id: str
    model_version: str
    boxes: list[Box]
    looked_at: datetime


class Advice(BaseModel):
    """Type and condition that detection proposes, and what a person made of it."""

    label: str
    confidence: float
    type_code: str
    condition_id: str | None
    model_version: str
    outcome: Literal["OPEN", "ACCEPTED", "OVERRULED"] = "OPEN"
    decided_by: str | None = None


class HistoryRow(BaseModel):
    """One step on record: who, when, from where, from which state to which, with opinion and photos."""

    seq: int
    action: Action
    from_state: State | None
    to_state: State
    person_id: str
    role: Role
    person_name: str
    at: datetime
    device_time: datetime | None = None
    origin: str
    opinion: str = ""
    media_ids: list[str] = Field(default_factory=list)
    receiver_id: str | None = None
    receiver_department_id: str | None = None
    reasons: list[dict[str, Any]] = Field(default_factory=list)
    command_id: str | None = None
    input_hash: str | None = None


class Task(BaseModel):
    """What one person (or, unassigned, a post) is asked to do next about this case."""

    kind: Literal["VERIFY", "HANDLE", "CHECK"]
    seq: int
    assignee_id: str | None
    department_id: str | None = None
    assigned_at: datetime
    accepted_at: datetime | None = None


class Rating(BaseModel):
    """What the reporter thought of the result."""

    stars: int
    comment: str
    at: datetime


class Case(Document):
    """A case 案卷; `_id` grows with time, `version` counts its steps."""

    id: str  # type: ignore[assignment]
    version: int
    state: State
    number: str | None = None
    source: Literal["INSPECTOR", "CITIZEN"]
    reporter_id: str
    client_id: str
    type_code: str | None
    condition_id: str | None
    description: str
    place: CasePlace
    photos: list[CasePhoto] = Field(default_factory=list)
    detections: list[Detection] = Field(default_factory=list)
    advice: Advice | None = None
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
    people_involved: list[str] = Field(default_factory=list)
    reported_at: datetime
    updated_at: datetime
    history: list[HistoryRow] = Field(default_factory=list)
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "cases"
        indexes = [
            IndexModel([("reporter_id", ASCENDING), ("client_id", ASCENDING)], unique=True),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("people_involved", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("department_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("place.responsibility_grid_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("place.street_code", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("place.community_code", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("type_code", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("photos.media_id", ASCENDING)]),
            IndexModel([("history.command_id", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
            IndexModel(
                [("task.assignee_id", ASCENDING), ("deadline_at", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression=_OPEN,
                name="open_tasks",
            ),
            IndexModel([("deadline_at", ASCENDING)], partialFilterExpression=_OPEN, name="open_deadlines"),
            IndexModel([("place.point", GEOSPHERE)], partialFilterExpression=_OPEN, name="open_near"),
            IndexModel(
                [("number", ASCENDING)],
                unique=True,
                partialFilterExpression={"number": {"$type": "string"}},
                name="number",
            ),
        ]
