"""Stored shape of an inbox message: the truth behind every push."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
        ]
