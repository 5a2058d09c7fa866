"""Stored shape of grid elements 网格要素: people, land, matters, things and organisations of a grid."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, IndexModel

ELEMENTS = "grid_elements"


class ElementKind(StrEnum):
    """The five kinds of grid elements."""

    PERSON = "PERSON"  # 人
    LAND = "LAND"  # 地
    MATTER = "MATTER"  # 事
    THING = "THING"  # 物
    ORGANISATION = "ORGANISATION"  # 组织


class GridElement(Document):
    """An element of a unit grid; `_id` is `kind:code`. What is kept of a person is a name and a reason to
    visit, no more. `point` is in WGS-84, `given` the same as it was given, `cell` its cell of the map."""

    id: str  # type: ignore[assignment]
    kind: ElementKind
    code: str
    name_zh: str
    grid_code: str
    responsibility_grid_id: str
    street_code: str
    community_code: str
    point: dict[str, Any] | None = None
    given: dict[str, Any] | None = None
    cell: int | None = None
    category: str = ""
    note: str = ""
    state: str = "IN_USE"
    version: int = 1
    updated_at: datetime
    is_invented: bool = False
    history: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = ELEMENTS
        indexes = [
            IndexModel([("responsibility_grid_id", ASCENDING), ("kind", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("street_code", ASCENDING), ("kind", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("grid_code", ASCENDING)]),
            IndexModel([("street_code", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("name_zh", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("updated_at", ASCENDING)]),
        ]
