"""Stored shapes of an inbox message, the truth behind every push, and of what its receiver prefers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel


class InboxMessage(Document):
    """One message to one person; case, history row, receiver and kind together make it told once."""

    id: str  # type: ignore[assignment]
    person_id: str
    kind: str
    case_id: str
    seq: int
    created_at: datetime
    read_at: datetime | None = None
    urgency: str = "normal"
    reaching_version: int = 0  # the version of the rulebook `reaching` that it climbs by
    answer: str | None = None
    acknowledgements: list[dict[str, Any]] = Field(default_factory=list)
    rungs: list[dict[str, Any]] = Field(default_factory=list)
    pushes: list[dict[str, Any]] = Field(default_factory=list)
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "inbox_messages"
        indexes = [
            IndexModel(
                [("case_id", ASCENDING), ("seq", ASCENDING), ("person_id", ASCENDING), ("kind", ASCENDING)],
                unique=True,
            ),
            IndexModel([("person_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("person_id", ASCENDING), ("read_at", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
            IndexModel([("created_at", ASCENDING)]),
        ]


class NotificationPreferences(Document):
    """What a person prefers about hints 通知设置; `_id` is the person. Times of the day are Beijing's."""

    id: str  # type: ignore[assignment]
    quiet_from: str | None = None
    quiet_to: str | None = None
    muted_kinds: list[str] = Field(default_factory=list)
    language: Literal["zh", "en"] | None = None
    updated_at: datetime
    commands: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "notification_preferences"
