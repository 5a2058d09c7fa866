"""Stored shapes of a census campaign and of its tasks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

CAMPAIGNS = "campaigns"
TASKS = "census_tasks"


class CampaignGoal(StrEnum):
    """What a census is for."""

    CHECK_ALL = "CHECK_ALL"  # 逐一核查: every component on record is looked at
    FIND = "FIND"  # 补充采集: what is missing on the map is found


class CampaignState(StrEnum):
    """How far a census is; worked out from its days, and from whether it was ended before."""

    PLANNED = "PLANNED"  # 待开始
    RUNNING = "RUNNING"  # 进行中
    ENDED = "ENDED"  # 已结束


class CampaignGrid(BaseModel):
    """A responsibility grid of a census with those of its unit grids that belong to it."""

    responsibility_grid_id: str
    street_code: str
    unit_grid_codes: list[str]


class Campaign(Document):
    """A census campaign 专项普查. `starts_at` and `ends_at` are the instants at which its days begin and end.

    `person_ids` are the inspectors who do it; none: those of each grid. The grids are those that its areas
    had when it was planned; those that replaced them are found by `drawn_anew`. `type_codes` are codes of
    components.
    """

    id: str  # type: ignore[assignment]
    name: str
    goal: CampaignGoal
    type_codes: list[str]
    area_codes: list[str]
    grids: list[CampaignGrid]
    street_codes: list[str]
    person_ids: list[str]
    from_day: str
    to_day: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    planned_by: str
    client_id: str
    input_hash: str
    end_command_id: str | None = None
    created_at: datetime
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = CAMPAIGNS
        indexes = [
            IndexModel([("planned_by", ASCENDING), ("client_id", ASCENDING)], unique=True),
            IndexModel([("ends_at", ASCENDING)]),
            IndexModel([("street_codes", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("grids.responsibility_grid_id", ASCENDING), ("ends_at", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
        ]


class CensusTaskChange(BaseModel):
    """One step of a task on record."""

    kind: str
    at: datetime
    person_id: str
    command_id: str
    input_hash: str
    assignee_id: str | None = None
    note: str = ""


class CensusTask(Document):
    """One responsibility grid of a census; `_id` is `campaign:grid`. It is there once somebody took it."""

    id: str  # type: ignore[assignment]
    campaign_id: str
    responsibility_grid_id: str
    assignee_id: str | None = None
    assigned_at: datetime | None = None
    done_at: datetime | None = None
    version: int
    history: list[CensusTaskChange] = Field(default_factory=list)

    class Settings:
        name = TASKS
        indexes = [
            IndexModel([("campaign_id", ASCENDING), ("responsibility_grid_id", ASCENDING)], unique=True),
            IndexModel([("assignee_id", ASCENDING), ("campaign_id", ASCENDING)]),
        ]
