"""Stored shape of the audit of originals: one row each time somebody was given one to read."""

from __future__ import annotations

from datetime import datetime

from beanie import Document
from pymongo import ASCENDING, DESCENDING, IndexModel

COLLECTION = "original_readings"


class OriginalReading(Document):
    """Who was given the original of which photo, and why; `_id` grows with time. No row is changed or goes.

    It is written before the link is given. Each time bytes are fetched is added to it afterwards: when that
    was first and last, and how often. `origin` is the app, `address` that of the connection; `street_code`
    is the case's, by which leaders find the readings of their streets.
    """

    id: str  # type: ignore[assignment]
    client_id: str
    media_id: str
    case_id: str
    street_code: str
    person_id: str
    role: str
    session_id: str
    device_id: str
    origin: str
    address: str
    reason: str
    read_at: datetime
    link_expires_at: datetime
    opened_at: datetime | None = None
    last_opened_at: datetime | None = None
    openings: int = 0

    class Settings:
        name = COLLECTION
        indexes = [
            IndexModel([("person_id", ASCENDING), ("client_id", ASCENDING)], unique=True),
            IndexModel([("street_code", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("media_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("read_at", ASCENDING)], partialFilterExpression={"address": {"$gt": ""}}),
        ]
