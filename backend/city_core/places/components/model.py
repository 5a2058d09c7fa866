"""Stored shape of components 部件: what stands in the grids, such as manhole covers and street lamps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, IndexModel


class Component(Document):
    """A component 部件; `_id` is its code: district (6 digits), major and minor class (2 each), serial (6).

    The form of the code is that of GB/T 30428.2; `point` is a GeoJSON point in WGS-84.
    """

    id: str = Field(pattern=r"^\d{16}$")  # type: ignore[assignment]
    type_code: str
    name_zh: str = ""
    point: dict[str, Any]
    grid_code: str
    responsibility_grid_id: str
    state: Literal["IN_USE", "DAMAGED", "MISSING", "REMOVED"] = "IN_USE"
    owner_department_id: str | None = None
    version: int = 1
    updated_at: datetime
    is_invented: bool = False

    class Settings:
        name = "components"
        indexes = [IndexModel([("responsibility_grid_id", ASCENDING), ("_id", ASCENDING)])]
