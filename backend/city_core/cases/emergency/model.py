"""Stored shape of an emergency: what was ordered by whom, for where and until when, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from city_core.people.roles import Role

COLLECTION = "emergencies"


class EmergencyState(StrEnum):
    """How far an emergency is."""

    PLANNED = "PLANNED"  # 待启动
    ON = "ON"  # 进行中
    ENDED = "ENDED"  # 已结束


class EmergencyStep(BaseModel):
    """One step of an emergency on record."""

    seq: int
    action: Literal["START", "BEGIN", "EXTEND", "END"]
    at: datetime
    person_id: str
    role: Role
    person_name: str
    note: str = ""
    ends_at: datetime
    command_id: str | None = None
    input_hash: str | None = None


class Emergency(Document):
    """A named overlay over an area and a time 平急转换; the streets and communities are those of its areas.

    `touched_street_codes` are its streets and those that its communities lie in.
    """

    id: str  # type: ignore[assignment]
    version: int
    state: EmergencyState
    name: str
    profile: str
    profile_version: int
    area_codes: list[str]
    street_codes: list[str]
    community_codes: list[str]
    touched_street_codes: list[str]
    starts_at: datetime
    ends_at: datetime
    authority: str
    is_drill: bool
    started_by: str
    client_id: str
    ended_by: str | None = None
    ended_at: datetime | None = None
    created_at: datetime
    history: list[EmergencyStep] = Field(default_factory=list)
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = COLLECTION
        indexes = [
            IndexModel([("started_by", ASCENDING), ("client_id", ASCENDING)], unique=True),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("touched_street_codes", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("history.command_id", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
        ]
