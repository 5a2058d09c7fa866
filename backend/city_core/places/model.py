"""Stored shapes of places: divisions, unit grids and responsibility grids."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, GEOSPHERE, IndexModel


class Division(Document):
    """A district (6 digits), street or town (9) or community (12); `_id` is its code.

    `shape` is its border, where one is known; the days of `valid_from` and `valid_to` are the city's own.
    """

    id: str  # type: ignore[assignment]
    level: Literal["district", "street", "community"]
    name_zh: str
    parent_code: str | None
    code_is_real: bool
    centre: dict[str, Any]
    shape: dict[str, Any] | None = None
    valid_from: str = "2026-01-01"
    valid_to: str | None = None
    version: int = 1
    updated_at: datetime | None = None
    history: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "divisions"
        indexes = [
            IndexModel([("parent_code", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("shape", GEOSPHERE)], partialFilterExpression={"shape": {"$type": "object"}}),
        ]


class UnitGrid(Document):
    """A unit grid 单元网格; `_id` is its 15-digit code, `shape` a GeoJSON polygon in WGS-84.

    A border that was drawn anew is a new grid with a new code; the old one stays with its last day in
    `valid_to`, so that what happened in it keeps its place. It is valid from the first day on, and no more
    on the last.
    """

    id: str  # type: ignore[assignment]
    community_code: str
    street_code: str
    district_code: str
    responsibility_grid_id: str
    shape: dict[str, Any]
    centre: dict[str, Any]
    area_m2: float
    area_class: Literal["A", "B", "C"]
    code_is_real: bool
    valid_from: str
    valid_to: str | None = None
    replaced_by: list[str] = Field(default_factory=list)
    land_use: str | None = None
    version: int = 1
    updated_at: datetime | None = None
    history: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "unit_grids"
        indexes = [
            IndexModel([("shape", GEOSPHERE)]),
            IndexModel([("community_code", ASCENDING)]),
            IndexModel([("street_code", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("responsibility_grid_id", ASCENDING)]),
            IndexModel([("history.command_id", ASCENDING)], sparse=True),
            IndexModel([("replaced_by", ASCENDING)], sparse=True),
        ]


class ResponsibilityGrid(Document):
    """A responsibility grid 责任网格: whole unit grids of one community, given to inspectors.

    `grid_codes` names those that it will have once what was drawn anew is valid; which are valid on a day,
    the unit grids say.
    """

    id: str  # type: ignore[assignment]
    name_zh: str
    community_code: str
    street_code: str
    grid_codes: list[str]
    version: int = 1
    updated_at: datetime | None = None
    history: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "responsibility_grids"
        indexes = [IndexModel([("street_code", ASCENDING)])]
