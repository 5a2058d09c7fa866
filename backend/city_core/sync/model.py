"""Stored shapes of delta sync: what lies in whose scope, and how far the feed has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

FEED = "feed"
KEPT_DAYS = 95  # tombstones are kept five days longer than checkpoints are good for


class SyncEntry(Document):
    """A document in one scope: `seq` says when, in the order of commits, it last changed there or left.

    `_id` is `<scope>|<document_id>`. What left the scope stays as a tombstone until `deleted_at` is 95 days
    ago; one that came back is no tombstone any more.
    """

    id: str  # type: ignore[assignment]
    scope: str
    document_id: str
    seq: int
    deleted: bool = False
    deleted_at: datetime | None = None

    class Settings:
        name = "sync_entries"
        indexes = [
            IndexModel([("scope", ASCENDING), ("seq", ASCENDING), ("deleted", ASCENDING)]),
            IndexModel([("document_id", ASCENDING)]),
            IndexModel(
                [("deleted_at", ASCENDING)],
                expireAfterSeconds=KEPT_DAYS * 86_400,
                partialFilterExpression={"deleted": True},
            ),
        ]


class FedUntil(BaseModel):
    """How far the feed had come on one day."""

    at: datetime
    seq: int


class SyncFeed(Document):
    """The one feed: the last `seq` given, where MongoDB is to go on, and who feeds until when.

    `fence` grows with each feeder that takes over or leaves; a write under an older one changes nothing.
    `epoch` is another whenever the entries were made anew: checkpoints of an older one are of no use.
    `scheme` says with which keys they were made (`scopes.SCHEME`). `days` has one mark a day, so that a
    checkpoint from before the oldest tombstones can be told.
    """

    id: str = FEED  # type: ignore[assignment]
    epoch: str = ""
    seq: int = 0
    token: dict[str, Any] | None = None
    is_complete: bool = False
    scheme: int = 0
    holder: str = ""
    fence: int = 0
    leased_until: datetime
    days: list[FedUntil] = Field(default_factory=list)

    class Settings:
        name = "sync_feed"
