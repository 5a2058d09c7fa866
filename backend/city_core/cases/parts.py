"""Stored shapes of what a case is made of: place, photos, detections, steps, tasks, requests, reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from city_core.cases.evidence.given import PhotoRole, TakenWith
from city_core.cases.workflow import Action, State
from city_core.detection.model import Box
from city_core.people.roles import Role


class CasePlace(BaseModel):
    """Where it is: the point as the phone gave it, the same in WGS-84, and the grid that it lies in."""

    given_lng: float
    given_lat: float
    datum: Literal["WGS84", "GCJ02", "BD09", "CGCS2000"]
    accuracy_m: float | None = None
    source: str = "DEVICE"
    point: dict[str, Any]
    cell: int | None = None  # its cell of the map, see `places.cells`
    address: str = ""
    grid_code: str
    responsibility_grid_id: str
    community_code: str
    street_code: str
    district_code: str
    area_class: str
    found_by: str | None = None  # how the grid was found, see `places.locate`
    distance_m: float | None = None


class CaseSign(BaseModel):
    """The sign that a report was begun at, and how far away the phone said it was, metres."""

    sign_id: str
    phone_distance_m: int
    is_far: bool


class CasePhoto(BaseModel):
    """A photo that belongs to a case; `use` says for which step it was taken, `role` what it shows."""

    media_id: str
    use: Literal["REPORT", "VERIFY", "HANDLE", "CHECK"]
    added_by: str
    added_at: datetime
    role: PhotoRole | None = None
    taken_with: TakenWith | None = None


class PhotoEvidence(BaseModel):
    """What one photo is worth as evidence; `flags` hold their kind and figures, see `evidence/flags.py`.

    `similarity` says how alike the scene is to that of `compared_with`, 0 to 1.
    """

    media_id: str
    taken_at: datetime | None = None
    distance_m: int | None = None
    similarity: float | None = None
    compared_with: list[str] = Field(default_factory=list)
    flags: list[dict[str, Any]] = Field(default_factory=list)


class Detection(BaseModel):
    """What a model saw in one photo; advice, never a verdict. Nothing where no model could look at it."""

    media_id: str
    model_version: str
    boxes: list[Box]
    given_up: bool = False
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


class AfterAdvice(BaseModel):
    """Whether detection still sees the problem after handling, and what the check made of that.

    `photos_at` is when the photos that it is about were added. CANNOT_TELL is never accepted nor overruled.
    """

    label: str
    verdict: Literal["GONE", "STILL_THERE", "CANNOT_TELL"]
    confidence: float | None
    model_version: str
    outcome: Literal["OPEN", "ACCEPTED", "OVERRULED"] = "OPEN"
    decided_by: str | None = None
    photos_at: datetime


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
    made_at: datetime | None = None
    origin: str
    opinion: str = ""
    media_ids: list[str] = Field(default_factory=list)
    receiver_id: str | None = None
    receiver_department_id: str | None = None
    reasons: list[dict[str, Any]] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)
    changed: list[str] = Field(default_factory=list)
    command_id: str | None = None
    input_hash: str | None = None


class Task(BaseModel):
    """What one person (or, unassigned, a post) is asked to do next about this case."""

    kind: Literal["VERIFY", "HANDLE", "CHECK", "DECIDE"]
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


class Review(BaseModel):
    """What one post said about a request."""

    role: Role
    person_id: str
    at: datetime
    approved: bool
    opinion: str = ""


class Request(BaseModel):
    """What somebody asked for 申请: an extension, a suspension, voiding, a forced close, or an appeal.

    `value` and `unit` are the time asked for with an extension, `until` the end of a suspension.
    """

    id: str
    kind: Literal["EXTENSION", "SUSPENSION", "VOID", "FORCED_CLOSE", "APPEAL"]
    asked_by: str
    asked_role: Role
    department_id: str | None = None
    asked_at: datetime
    reason: str
    value: int | None = None
    unit: str | None = None
    until: datetime | None = None
    state: Literal["PENDING", "APPROVED", "REFUSED", "WITHDRAWN"] = "PENDING"
    reviews: list[Review] = Field(default_factory=list)


class PendingReview(BaseModel):
    """Whose review the pending request of a case waits for, and since when."""

    role: Role
    since: datetime


class Assistant(BaseModel):
    """A department that assists 协办 the host of a case, and its answer."""

    department_id: str
    assignee_id: str | None
    asked_at: datetime
    asked: str = ""
    answered_at: datetime | None = None
    answered_by: str | None = None
    answer: str = ""


class JoinedReport(BaseModel):
    """Another report of the same thing: joined by its reporter 附议, or merged in 合并 by a seat."""

    reporter_id: str
    source: Literal["INSPECTOR", "CITIZEN", "MACHINE"]
    description: str
    media_ids: list[str] = Field(default_factory=list)
    at: datetime
    merged_case_id: str | None = None
    rating: Rating | None = None


class Card(BaseModel):
    """A warning, a yellow or a red card about a clock that runs out, and who was told."""

    clock: str
    entered_seq: int
    step: int
    kind: Literal["UNASSIGNED", "WARNING", "YELLOW", "RED"]
    told: list[str]
    at: datetime


class Supervision(BaseModel):
    """A supervision 督办 or an urging 催办 by hand, and its receipt."""

    id: str
    kind: Literal["SUPERVISE", "URGE"]
    by: str
    at: datetime
    to_person_id: str
    text: str
    confirmed_at: datetime | None = None
