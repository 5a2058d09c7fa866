"""Stored shape of signs 标牌: what hangs at a place, a component or a point, with its short code."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

SIGNS = "signs"


class SignSubject(StrEnum):
    """What a sign hangs at."""

    PLACE = "PLACE"  # 地点
    COMPONENT = "COMPONENT"  # 部件
    POINT = "POINT"  # 便民点位


class SignState(StrEnum):
    """Whether a sign opens anything."""

    IN_USE = "IN_USE"  # 在用
    DISABLED = "DISABLED"  # 停用


class SignChange(BaseModel):
    """One change of a sign on record."""

    seq: int
    kind: str
    at: datetime
    person_id: str
    command_id: str
    input_hash: str
    note: str = ""
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)


class Sign(Document):
    """A sign; `_id` is the id of the batch it was made in and its number there.

    `code` is without hyphens, see `signs.codes`; `point` a GeoJSON point in WGS-84. `type_code` is the type
    that a report from here most likely has.
    """

    id: str  # type: ignore[assignment]
    code: str
    subject: SignSubject
    component_code: str | None = None
    point_id: str | None = None
    name_zh: str
    name_en: str = ""
    address: str = ""
    point: dict[str, Any]
    grid_code: str
    responsibility_grid_id: str
    community_code: str
    street_code: str
    type_code: str | None = None
    state: SignState = SignState.IN_USE
    version: int = 1
    batch_id: str
    input_hash: str
    made_by: str
    made_at: datetime
    updated_at: datetime
    printed_at: datetime | None = None
    history: list[SignChange] = Field(default_factory=list)

    class Settings:
        name = SIGNS
        indexes = [
            IndexModel([("code", ASCENDING)], unique=True),
            IndexModel([("made_at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel([("street_code", ASCENDING), ("made_at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel(
                [("component_code", ASCENDING)],
                partialFilterExpression={"component_code": {"$type": "string"}},
                name="of_component",
            ),
            IndexModel(
                [("point_id", ASCENDING)],
                partialFilterExpression={"point_id": {"$type": "string"}},
                name="of_point",
            ),
            IndexModel([("batch_id", ASCENDING)]),
        ]
