"""Stored shape of components 部件: what stands in the grids, such as manhole covers and street lamps."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, GEOSPHERE, IndexModel

COMPONENTS = "components"


def _of_department(part: str) -> IndexModel:
    field = f"{part}_department_id"
    keys = [(field, ASCENDING), ("_id", ASCENDING)]
    return IndexModel(keys, partialFilterExpression={field: {"$gt": ""}}, name=f"of_{part}")


class ComponentState(StrEnum):
    """What became of a component, in the words of GB/T 30428.2 (ObjState)."""

    IN_USE = "IN_USE"  # 完好
    DAMAGED = "DAMAGED"  # 破损
    MISSING = "MISSING"  # 丢失
    ABANDONED = "ABANDONED"  # 废弃
    REMOVED = "REMOVED"  # 移除


class ComponentChange(BaseModel):
    """One change of a component on record: who, when, from where, and what was before and is now."""

    seq: int
    kind: Literal["ADDED", "MOVED", "CHANGED", "RETIRED", "CHECKED", "IMPORTED"]
    at: datetime
    person_id: str
    command_id: str | None = None
    input_hash: str | None = None
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)
    note: str = ""
    media_ids: list[str] = Field(default_factory=list)
    campaign_id: str | None = None
    import_id: str | None = None


class Component(Document):
    """A component 部件; `_id` is its code of 16 digits (2013) or 17 (2026), see `places.codes`.

    `point` is a GeoJSON point in WGS-84, `given` the same as it was given, `cell` its cell of the map. The
    three departments are those in charge 主管, owning 权属 and keeping 养护; where the owner is none of the
    city's, its name stands alone. `owner_is_known` is false for what stands there and nobody owns up to
    (不明井盖). `added_by` names person and command of what was added on the spot, so that it is there once;
    `history` keeps the latest changes, `version` counts them all.
    `is_counted` says that the tallies know it as it is, `counted_in` in which of their cells.
    """

    id: str = Field(pattern=r"^\d{16,17}$")  # type: ignore[assignment]
    type_code: str
    name_zh: str = ""
    point: dict[str, Any]
    shape: dict[str, Any] | None = None
    given: dict[str, Any] | None = None
    cell: int | None = None
    grid_code: str
    responsibility_grid_id: str
    community_code: str | None = None
    street_code: str | None = None
    state: ComponentState = ComponentState.IN_USE
    authority_department_id: str | None = None
    owner_department_id: str | None = None
    owner_name_zh: str = ""
    owner_is_known: bool = True
    owner_unknown_since: datetime | None = None
    keeper_department_id: str | None = None
    data_source: Literal["SURVEYED", "MAP", "BASE_DATA", "OTHER"] = "OTHER"
    installed_on: str | None = None
    changed_on: str | None = None
    note: str = ""
    version: int = 1
    updated_at: datetime
    checked_at: datetime | None = None
    is_invented: bool = False
    added_by: str | None = None
    history: list[ComponentChange] = Field(default_factory=list)
    is_counted: bool = False
    counted_in: int | None = None

    class Settings:
        name = COMPONENTS
        indexes = [
            IndexModel([("responsibility_grid_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel(
                [
                    ("responsibility_grid_id", ASCENDING),
                    ("cell", ASCENDING),
                    ("state", ASCENDING),
                    ("type_code", ASCENDING),
                    ("street_code", ASCENDING),
                ],
                name="components_of_grid",
            ),
            IndexModel([("point", GEOSPHERE)]),
            IndexModel([("cell", ASCENDING), ("type_code", ASCENDING), ("state", ASCENDING)]),
            IndexModel(
                [
                    ("cell", ASCENDING),
                    ("state", ASCENDING),
                    ("type_code", ASCENDING),
                    ("street_code", ASCENDING),
                    ("responsibility_grid_id", ASCENDING),
                    ("keeper_department_id", ASCENDING),
                    ("owner_department_id", ASCENDING),
                    ("authority_department_id", ASCENDING),
                ],
                name="component_map",
            ),
            IndexModel(
                [("is_counted", ASCENDING), ("cell", ASCENDING), ("counted_in", ASCENDING)],
                name="not_counted",
            ),
            IndexModel([("history.command_id", ASCENDING)]),
            IndexModel([("street_code", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("name_zh", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("updated_at", ASCENDING)]),
            *(_of_department(name) for name in ("authority", "owner", "keeper")),
            IndexModel(
                [
                    ("grid_code", ASCENDING),
                    ("type_code", ASCENDING),
                    ("state", ASCENDING),
                    ("checked_at", ASCENDING),
                ],
                name="coverage",
            ),
            IndexModel(
                [("owner_is_known", ASCENDING), ("street_code", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"owner_is_known": False},
                name="without_owner",
            ),
            IndexModel(
                [("added_by", ASCENDING)],
                unique=True,
                partialFilterExpression={"added_by": {"$gt": ""}},
                name="added_by",
            ),
            IndexModel(
                [("history.campaign_id", ASCENDING)],
                partialFilterExpression={"history.campaign_id": {"$gt": ""}},
                name="of_campaign",
            ),
            IndexModel([("history.media_ids", ASCENDING)], sparse=True, name="photos"),
        ]
