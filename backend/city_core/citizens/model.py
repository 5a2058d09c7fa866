"""Stored shape of points 积分: one row for each gain or loss, never changed."""

from __future__ import annotations

from datetime import datetime

from beanie import Document
from pymongo import ASCENDING, DESCENDING, IndexModel


class PointEntry(Document):
    """One line of a person's account of points; `key` makes it booked once."""

    id: str  # type: ignore[assignment]
    person_id: str
    key: str
    reason: str
    points: int
    case_id: str | None = None
    at: datetime

    class Settings:
        name = "point_entries"
        indexes = [
            IndexModel([("person_id", ASCENDING), ("key", ASCENDING)], unique=True),
            IndexModel([("person_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("person_id", ASCENDING), ("reason", ASCENDING), ("at", ASCENDING)]),
        ]
