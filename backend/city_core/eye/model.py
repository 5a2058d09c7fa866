"""Stored shapes of the city eye: machine sources, their frames, flights, and the events that frames show."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, GEOSPHERE, IndexModel

from city_core.detection.model import Box

SOURCES, FRAMES, FLIGHTS = "machine_sources", "eye_frames", "eye_flights"
EVENTS, LANES, CAMERAS = "eye_events", "eye_lanes", "eye_cameras"


class SourceKind(StrEnum):
    """What kind of machine takes the pictures."""

    VIDEO_PLATFORM = "VIDEO_PLATFORM"  # 视频平台: fixed cameras
    DRONE = "DRONE"  # 无人机
    PATROL_CAR = "PATROL_CAR"  # 巡查车


class FrameState(StrEnum):
    """How far a kept frame has come."""

    WAITING = "WAITING"  # 待识别
    SEEN = "SEEN"  # 已识别
    REFUSED = "REFUSED"  # 无法识别: no photo, or a broken one


class EventState(StrEnum):
    """How far an event is."""

    GLIMPSED = "GLIMPSED"  # seen too few times to bother anybody
    CANDIDATE = "CANDIDATE"  # 候选: waits for a person
    LINKED = "LINKED"  # 已关联: an open case was about it already
    CONFIRMED = "CONFIRMED"  # 已确认: a case was made of it
    DISMISSED = "DISMISSED"  # 已排除
    EXPIRED = "EXPIRED"  # nobody decided in time


class MachineSource(Document):
    """A machine source 机器来源; its key is kept as a keyed hash and shown once."""

    id: str  # type: ignore[assignment]
    version: int
    name: str
    kind: SourceKind
    key_hash: str
    key_made_at: datetime
    street_codes: list[str] = Field(default_factory=list)  # empty: the whole city
    frames_per_minute: int
    is_active: bool = True
    created_by: str
    created_at: datetime
    commands: list[dict[str, Any]] = Field(default_factory=list)  # id, person_id, input_hash: the latest

    class Settings:
        name = SOURCES
        indexes = [
            IndexModel([("key_hash", ASCENDING)], unique=True),
            IndexModel([("commands.person_id", ASCENDING), ("commands.id", ASCENDING)]),
        ]


class EyeCamera(Document):
    """Where a fixed camera stands, as it last said; `_id` is `{source}:{camera id}`."""

    id: str  # type: ignore[assignment]
    lng: float
    lat: float
    datum: str
    told_at: datetime

    class Settings:
        name = CAMERAS


class EyeFrame(Document):
    """A frame that was kept; `_id` is `{source}:{frame id}`.

    `slot` names the moment, or the spot, of which one frame is kept: of two that come at once, one gets it.
    """

    id: str  # type: ignore[assignment]
    source_id: str
    frame_id: str
    camera_id: str
    flight_id: str | None = None
    slot: str | None = None
    taken_at: datetime
    heading: float | None = None
    place: dict[str, Any]
    photo_id: str
    state: FrameState
    refusal: str | None = None
    finds: list[Box] = Field(default_factory=list)  # of classes that the city knows
    model_version: str | None = None
    event_ids: list[str] = Field(default_factory=list)
    received_at: datetime
    expires_at: datetime

    class Settings:
        name = FRAMES
        indexes = [
            IndexModel(
                [("source_id", ASCENDING), ("camera_id", ASCENDING), ("slot", ASCENDING)],
                unique=True,
                partialFilterExpression={"slot": {"$type": "string"}},
                name="one_a_slot",
            ),
            IndexModel([("photo_id", ASCENDING)], unique=True),
            IndexModel(
                [("source_id", ASCENDING), ("flight_id", ASCENDING), ("taken_at", ASCENDING)],
                partialFilterExpression={"flight_id": {"$type": "string"}},
                name="of_flight",
            ),
            IndexModel([("source_id", ASCENDING), ("camera_id", ASCENDING), ("taken_at", DESCENDING)]),
            IndexModel([("expires_at", ASCENDING)]),
        ]


class EyeFlight(Document):
    """A flight 飞行架次, or a patrol car's tour, whose frames are shown as one batch."""

    id: str  # type: ignore[assignment]
    source_id: str
    flight_id: str
    street_codes: list[str]
    first_taken_at: datetime
    last_taken_at: datetime
    begun_at: datetime

    class Settings:
        name = FLIGHTS
        indexes = [IndexModel([("street_codes", ASCENDING), ("begun_at", DESCENDING), ("_id", DESCENDING)])]


class EyeLane(Document):
    """Whose finds are put in order one after the other: one camera's, or one class of all that move."""

    id: str  # type: ignore[assignment]
    turns: int

    class Settings:
        name = LANES


class BestFrame(BaseModel):
    """The frame that shows an event best."""

    frame_id: str
    photo_id: str
    box: Box


class EventStep(BaseModel):
    """One decision on an event, on record."""

    action: Literal["RAISE", "CONFIRM", "DISMISS", "EXPIRE"]
    at: datetime
    person_id: str
    person_name: str
    note: str = ""
    command_id: str | None = None
    input_hash: str | None = None


class EyeEvent(Document):
    """An event 事件: one thing that one or many frames show; `_id` grows with time."""

    id: str  # type: ignore[assignment]
    version: int
    state: EventState
    label: str
    type_code: str
    condition_id: str | None = None
    confidence: float
    source_id: str
    camera_id: str
    flight_id: str | None = None
    is_moving: bool
    place: dict[str, Any]
    first_seen_at: datetime
    last_seen_at: datetime
    sightings: int
    last_box: Box
    best: BestFrame
    photo_ids: list[str] = Field(default_factory=list)  # of the best frames, the best first
    model_version: str
    case_id: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    decide_until: datetime | None = None  # only while it is a candidate
    history: list[EventStep] = Field(default_factory=list)
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = EVENTS
        indexes = [
            IndexModel(
                [
                    ("source_id", ASCENDING), ("camera_id", ASCENDING), ("label", ASCENDING),
                    ("last_seen_at", DESCENDING),
                ],
                name="of_camera",
            ),
            IndexModel(
                [("place.point", GEOSPHERE), ("label", ASCENDING), ("last_seen_at", DESCENDING)],
                partialFilterExpression={"is_moving": True},
                name="moving_near",
            ),
            IndexModel([("place.street_code", ASCENDING), ("state", ASCENDING), ("_id", DESCENDING)]),
            IndexModel(
                [("decide_until", ASCENDING)],
                partialFilterExpression={"decide_until": {"$type": "date"}},
                name="to_decide",
            ),
            IndexModel([("state", ASCENDING), ("last_seen_at", ASCENDING)]),
            IndexModel([("photo_ids", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
        ]  # fmt: skip
