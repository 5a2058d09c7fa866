"""Stored shape of the points of the layers: cameras, toilets, parking, pump stations, building sites,
shops."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, GEOSPHERE, IndexModel

POINTS = "points"


class PointState(StrEnum):
    """Whether a point can be used."""

    IN_USE = "IN_USE"  # 开放
    CLOSED = "CLOSED"  # 暂停开放
    REMOVED = "REMOVED"  # 已移除


class OpeningHours(BaseModel):
    """Hours on some days of the week (1 is Monday), Beijing time; `closes_at` may lie after midnight, 24:00
    is allowed."""

    days: list[int]
    opens_at: str
    closes_at: str


class PlacePoint(Document):
    """A point 点位 of a layer 图层; `_id` is `layer:code`.

    `point` is a GeoJSON point in WGS-84, `given` the same as it was given, `cell` its cell of the map. No
    opening hours: always open. `stream_address` is the live picture of a camera; nobody outside the city's
    staff is told it.
    """

    id: str  # type: ignore[assignment]
    layer: str
    code: str
    name_zh: str
    name_en: str = ""
    point: dict[str, Any]
    shape: dict[str, Any] | None = None
    given: dict[str, Any] | None = None
    cell: int
    grid_code: str | None = None
    responsibility_grid_id: str | None = None
    community_code: str | None = None
    street_code: str | None = None
    address: str = ""
    state: PointState = PointState.IN_USE
    opening_hours: list[OpeningHours] = Field(default_factory=list)
    phone: str = ""
    stream_address: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    version: int = 1
    updated_at: datetime
    is_invented: bool = False
    history: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = POINTS
        indexes = [
            IndexModel([("layer", ASCENDING), ("point", GEOSPHERE)]),
            IndexModel([("layer", ASCENDING), ("cell", ASCENDING), ("state", ASCENDING)]),
            IndexModel([("layer", ASCENDING), ("code", ASCENDING)], unique=True),
            IndexModel([("responsibility_grid_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("street_code", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("name_zh", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("updated_at", ASCENDING)]),
        ]
